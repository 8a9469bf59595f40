package org.adit.pool.bitcoind;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A template that is being asked for, on a virtual thread of its own. */
final class LateTemplate {
  /** Asks the node for a template. */
  @FunctionalInterface
  interface Question {
    BlockTemplate ask() throws RpcException, NodeUnavailableException, TemplateRefusedException;
  }

  private final FutureTask<BlockTemplate> answer;

  private LateTemplate(FutureTask<BlockTemplate> answer) {
    this.answer = answer;
  }

  static LateTemplate begin(Question question) {
    FutureTask<BlockTemplate> answer = new FutureTask<>(question::ask);
    Thread.ofVirtual().name("bitcoind-template").start(answer);
    return new LateTemplate(answer);
  }

  /** The template if it comes within this time. */
  Optional<BlockTemplate> within(Duration limit)
      throws RpcException,
          NodeUnavailableException,
          TemplateRefusedException,
          InterruptedException {
    try {
      return Optional.of(answer.get(limit.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  /** Waits for the template; the question has its own time limit. */
  BlockTemplate await()
      throws RpcException,
          NodeUnavailableException,
          TemplateRefusedException,
          InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  private static IllegalStateException unwrapped(ExecutionException e)
      throws RpcException, NodeUnavailableException, TemplateRefusedException {
    return switch (e.getCause()) {
      case RpcException said -> throw said;
      case NodeUnavailableException away -> throw away;
      case TemplateRefusedException refused -> throw refused;
      case null, default -> new IllegalStateException("asking for a template failed", e);
    };
  }
}
