package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A verifier made before the lanes are warm turns to them by itself, and hashes the same. */
class VerifierWarmUpTest {
  @Test
  void verifiersTurnToTheLanesOnceTheseAreWarm() throws Exception {
    ShareBatchVerifier early = new ShareBatchVerifier(64);
    List<Hash256> before = hashes(early);
    assertThat(early.usesLanes()).isFalse();

    Optional<Thread> warmUp = VerifierWarmUp.start(HashEngines.available());
    assertThat(warmUp.isPresent()).isEqualTo(VectorKernels.isModulePresent());
    if (warmUp.isPresent()) {
      warmUp.get().join();
    }
    assertThat(VerifierWarmUp.start(HashEngines.available())).as("once per process").isEmpty();

    // Whether lanes win depends on the CPU; if they do, everybody must use them.
    ShareLanes lanes = VerifierChoice.lanes();
    assertThat(hashes(early)).isEqualTo(before);
    assertThat(early.usesLanes()).isEqualTo(lanes != null);
    if (lanes != null) {
      assertThat(lanes.threshold()).isBetween(2, lanes.lanes());
    }
  }

  private static List<Hash256> hashes(ShareBatchVerifier verifier) {
    verifier.clear();
    ChannelJob job =
        ShareJob.of(
                new byte[60],
                12,
                new byte[178],
                MerkleBranch.of(List.of(Hash256.ZERO)),
                Hash256.ZERO,
                0x1d00ffff)
            .forChannel(new byte[4]);
    for (int i = 0; i < verifier.capacity(); i++) {
      verifier.add(job, new byte[8], 0, i, 2 * i, 3 * i);
    }
    verifier.verify();
    return java.util.stream.IntStream.range(0, verifier.size()).mapToObj(verifier::hash).toList();
  }
}
