package org.adit.pool;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.hasher.HashEngines;
import org.adit.hasher.HeaderScanner;
import org.adit.hasher.Target;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A miner that keeps books: every header it submitted, every one the pool answered with {@code
 * true}. It comes back each time the pool goes away.
 */
final class CrashMiner implements AutoCloseable {
  private static final int MOST_UNANSWERED = 64;
  private static final int FIRST_SUBMIT_ID = 10;
  private static final int SLICE = 1 << 14;
  private static final long RETRY_MILLIS = 50;
  private static final long LAST_ANSWERS_MILLIS = 5_000;

  private record Work(V1Job job, Target target, String extranonce1) {}

  private final int port;
  private final String user;
  private final long pauseMillis;
  private final Set<Hash256> submitted = ConcurrentHashMap.newKeySet();
  private final Set<Hash256> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<Integer, AtomicLong> refusals = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicLong ids = new AtomicLong(FIRST_SUBMIT_ID);
  private final Thread thread;
  private volatile boolean mining;
  private volatile boolean connected;

  /**
   * Starts at once.
   *
   * @param pauseMillis rest after each share
   */
  CrashMiner(int port, String user, long pauseMillis) {
    this.port = port;
    this.user = user;
    this.pauseMillis = pauseMillis;
    this.thread = Thread.ofPlatform().daemon().name("crash-miner-" + user).start(this::run);
  }

  String user() {
    return user;
  }

  /** Headers sent so far, answered or not. */
  Set<Hash256> submitted() {
    return Set.copyOf(submitted);
  }

  /** Headers the pool has answered with {@code true} so far. */
  Set<Hash256> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  /** Error codes of refused shares. */
  Map<Integer, AtomicLong> refusals() {
    return Map.copyOf(refusals);
  }

  /** Whether it has work of the pool that runs now. */
  boolean isMining() {
    return mining;
  }

  /** Whether it has read everything the last pool sent and hung up. */
  boolean isDisconnected() {
    return !connected;
  }

  private void run() {
    try {
      while (!closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
        try (V1Client client = new V1Client(port)) {
          connected = true;
          new Connection(client).run();
        } catch (IOException e) {
          // The pool is away; that is what this test is about.
        } finally {
          mining = false;
          connected = false;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops searching, waits for the last answers and hangs up. */
  void stop() throws InterruptedException {
    closing.countDown();
    thread.join();
  }

  /** Ends it also when the test failed; does not wait for answers longer than they take. */
  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
  }

  /** One connection: this thread searches and sends, another one reads. */
  private final class Connection {
    private final V1Client client;
    private final Map<Long, Hash256> open = new ConcurrentHashMap<>();
    private final Semaphore slots = new Semaphore(MOST_UNANSWERED);
    private final HeaderScanner scanner = HashEngines.best().newScanner();
    private volatile @Nullable Work work;
    private volatile boolean ended;
    private String extranonce1 = "";
    private @Nullable Target target;
    private long extranonce2;

    Connection(V1Client client) {
      this.client = client;
    }

    void run() throws IOException, InterruptedException {
      client.sendRaw(
          """
          {"id":1,"method":"mining.subscribe","params":["crash-miner/1"]}
          {"id":2,"method":"mining.authorize","params":["%s","x"]}
          """
              .formatted(user));
      Thread reader = Thread.ofVirtual().start(this::read);
      try {
        while (!ended && closing.getCount() > 0) {
          Work now = work;
          if (now == null) {
            closing.await(5, TimeUnit.MILLISECONDS);
          } else {
            search(now);
          }
        }
        // All slots are free when everything is answered.
        var _ = slots.tryAcquire(MOST_UNANSWERED, LAST_ANSWERS_MILLIS, TimeUnit.MILLISECONDS);
      } catch (IOException e) {
        // What the pool sent before it died is still read below.
      }
      if (closing.getCount() == 0) {
        client.close();
      }
      reader.join();
    }

    private void search(Work now) throws IOException, InterruptedException {
      String mine = "%016x".formatted(extranonce2++);
      BlockHeader start = now.job().header(now.extranonce1(), mine, 0, now.job().time());
      scanner.prepare(start.toBytes(), 0, now.target());
      int[] hits = new int[SLICE];
      int[] count = new int[1];
      scanner.scan(0, SLICE, (version, nonce) -> hits[count[0]++] = nonce, () -> !now.equals(work));
      for (int i = 0; i < count[0] && !ended && now.equals(work); i++) {
        if (slots.tryAcquire(1, TimeUnit.SECONDS)) {
          submit(now, new V1Job.Share(V1Job.withNonce(start, hits[i]), mine));
          var _ = closing.await(pauseMillis, TimeUnit.MILLISECONDS);
        }
      }
    }

    private void submit(Work now, V1Job.Share share) throws IOException {
      long id = ids.getAndIncrement();
      Hash256 hash = share.hash();
      submitted.add(hash);
      open.put(id, hash);
      client.send(share.submit(id, user, now.job().id()));
    }

    private void read() {
      try {
        while (true) {
          take(client.next());
        }
      } catch (IOException | RuntimeException e) {
        ended = true;
        // Nothing more will be answered: let the searching thread go on to its end.
        slots.release(MOST_UNANSWERED);
      }
    }

    private void take(JsonNode message) {
      switch (message.path("method").asString("")) {
        case "mining.set_difficulty" ->
            target = Difficulty.of(message.required("params").required(0).decimalValue()).target();
        case "mining.notify" -> {
          Target announced = java.util.Objects.requireNonNull(target, "difficulty before job");
          work = new Work(V1Job.of(message.required("params")), announced, extranonce1);
          mining = true;
        }
        default -> answer(message);
      }
    }

    private void answer(JsonNode message) {
      long id = message.required("id").asLong();
      if (id == 1) {
        extranonce1 = message.required("result").required(1).asString();
      } else if (id >= FIRST_SUBMIT_ID) {
        Hash256 hash = java.util.Objects.requireNonNull(open.remove(id), "answer without a share");
        if (message.required("result").asBoolean()) {
          acknowledged.add(hash);
        } else {
          int code = message.required("error").required(0).asInt();
          refusals.computeIfAbsent(code, any -> new AtomicLong()).incrementAndGet();
        }
        slots.release();
      }
    }
  }
}
