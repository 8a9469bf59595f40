package org.adit.accounting.store;

import java.math.BigInteger;

/** A worker's part of a bucket, or its growth; see {@link BucketRow}. */
public record WorkerSum(int workerId, long shares, BigInteger work, BigInteger scoreWork) {

  public WorkerSum plus(WorkerSum other) {
    return new WorkerSum(
        workerId, shares + other.shares, work.add(other.work), scoreWork.add(other.scoreWork));
  }
}
