package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Objects;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One user on one connection that finds a share exactly when it is told to. */
final class V1Rig implements AutoCloseable {
  private static final int FIRST_SUBMIT_ID = 100;

  private final V1Client client;
  private final String user;
  private final String extranonce1;
  private final String sessionId;
  private long extranonce2;
  private long nextId = FIRST_SUBMIT_ID;
  private V1Job job;
  private @Nullable BigDecimal difficulty;

  /** Connects, subscribes, authorises and takes the first job. */
  V1Rig(int port, String user) throws IOException {
    this(port, user, "", "rig/1");
  }

  /** The same, presenting the session id of a connection that has ended. */
  V1Rig(int port, String user, String formerSession) throws IOException {
    this(port, user, formerSession, "rig/1");
  }

  /** The same as another device. */
  V1Rig(int port, String user, String formerSession, String agent) throws IOException {
    this(new V1Client(port), user, formerSession, agent);
  }

  /** The same on a connection that is open; takes it over. */
  V1Rig(V1Client client, String user, String formerSession, String agent) throws IOException {
    this.user = user;
    this.client = client;
    JsonNode subscribed =
        client.call(
            "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\""
                + agent
                + "\""
                + (formerSession.isEmpty() ? "" : ",\"" + formerSession + "\"")
                + "]}");
    sessionId = subscribed.required("result").required(0).required(1).required(1).asString();
    extranonce1 = subscribed.required("result").required(1).asString();
    JsonNode authorized =
        client.call(
            "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"" + user + "\",\"x\"]}");
    assertThat(authorized.required("result").asBoolean()).as(authorized.toString()).isTrue();
    job = nextJob();
  }

  V1Client client() {
    return client;
  }

  String user() {
    return user;
  }

  String sessionId() {
    return sessionId;
  }

  String extranonce1() {
    return extranonce1;
  }

  /** The newest job read so far. */
  V1Job job() {
    return job;
  }

  /** Difficulty of the newest job. */
  Difficulty difficulty() {
    return Difficulty.of(Objects.requireNonNull(difficulty, "announced before the first job"));
  }

  /** Reads up to the next job. */
  V1Job nextJob() throws IOException {
    while (true) {
      JsonNode message = client.next();
      if (take(message)) {
        return job;
      }
    }
  }

  /** Reads up to the next message of this method; jobs that come meanwhile are taken. */
  JsonNode await(String method) throws IOException {
    while (true) {
      JsonNode message = client.next();
      take(message);
      if (message.path("method").asString("").equals(method)) {
        return message;
      }
    }
  }

  /** Reads jobs until one is of this height's parent: its previous block is the given one. */
  V1Job awaitJobOn(Hash256 previous) throws IOException {
    while (!job.header(extranonce1, "00".repeat(8), 0, job.time()).previous().equals(previous)) {
      nextJob();
    }
    return job;
  }

  /** Reads jobs up to the one of this id. */
  void catchUp(long jobId) throws IOException {
    while (Long.parseLong(job.id(), 16) != jobId) {
      nextJob();
    }
  }

  /** A header of the newest job that meets the target and was never found before. */
  V1Job.Share find(Target target) {
    return job.find(extranonce1, "%016x".formatted(extranonce2++), target);
  }

  /** Submits for a job; jobs that come meanwhile are taken. */
  JsonNode submit(V1Job.Share share, String jobId) throws IOException {
    return answer(share.submit(nextId, user, jobId));
  }

  /** Sends a submit line that carries {@link #nextId} and returns its reply. */
  JsonNode answer(String line) throws IOException {
    nextId++;
    client.send(line);
    while (true) {
      JsonNode message = client.next();
      if (!message.has("method")) {
        return message;
      }
      take(message);
    }
  }

  long nextId() {
    return nextId;
  }

  /** Finds a block of the newest job and has it accepted. */
  Hash256 block() throws IOException {
    V1Job.Share share = find(Target.ofCompact(job.bits()));
    JsonNode reply = submit(share, job.id());
    assertThat(reply.required("result").asBoolean()).as(reply.toString()).isTrue();
    return share.hash();
  }

  private boolean take(JsonNode message) {
    String method = message.path("method").asString("");
    if (method.equals("mining.set_difficulty")) {
      difficulty = message.required("params").required(0).decimalValue();
    }
    if (method.equals("mining.notify")) {
      job = V1Job.of(message.required("params"));
      return true;
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
