package org.adit.hasher;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.BooleanSupplier;

/** Time the calling thread has had a CPU, so that other programs on the machine do not count. */
public final class CpuClock {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CpuClock() {}

  /** CPU time of the calling thread in nanoseconds; wall-clock time where the JVM cannot tell. */
  public static long nanos() {
    return THREADS.isCurrentThreadCpuTimeSupported()
        ? THREADS.getCurrentThreadCpuTime()
        : System.nanoTime();
  }

  /**
   * A stop signal that comes when the calling thread has had so much CPU time from now on. It reads
   * the wall clock, which is cheap, and asks for the CPU time only when that could be up.
   */
  public static BooleanSupplier after(long cpuNanos) {
    long cpuEnd = nanos() + cpuNanos;
    long[] lookAgain = {System.nanoTime() + cpuNanos};
    return () -> {
      if (System.nanoTime() - lookAgain[0] < 0) {
        return false;
      }
      long missing = cpuEnd - nanos();
      lookAgain[0] = System.nanoTime() + missing;
      return missing <= 0;
    };
  }
}
