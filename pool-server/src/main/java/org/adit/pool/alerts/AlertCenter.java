package org.adit.pool.alerts;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.adit.config.AlertsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps alerts: one for each thing that lasts, told once and again only after the repeat time. In
 * quiet hours only critical ones leave the house; the others follow when the hours are over, if
 * they still hold. Log and listener hear at once. Thread-safe.
 */
public final class AlertCenter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertCenter.class);
  private static final int KEPT = 200;
  private static final int MOST_ACTIVE = 2_000;
  private static final int MOST_REMEMBERED = 10_000;
  private static final int QUEUED = 256;
  private static final int TRIES = 3;
  private static final int MOST_LINES = 20;
  private static final int SUBJECT_CHARS = 200;
  private static final int TEXT_CHARS = 500;

  private record Key(Alert.Kind kind, String subject) {}

  private final AlertsConfig settings;
  private final Clock clock;
  private final List<Channel> channels = new ArrayList<>();
  private final Consumer<Alert> listener;
  private final HttpClient http = HttpChannel.client();
  private final Map<Key, Alert> active = new LinkedHashMap<>();
  private final ArrayDeque<Alert> recent = new ArrayDeque<>();
  private final Map<Key, Long> sentAtMillis =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };
  private final List<Alert> waiting = new ArrayList<>();
  private final ThreadPoolExecutor sender =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(QUEUED),
          Thread.ofPlatform().name("alerts").daemon().factory());
  private long lastId;

  /**
   * Alerts by the settings.
   *
   * @param listener hears of each new and each ended alert; must not wait
   */
  public AlertCenter(AlertsConfig settings, Clock clock, Consumer<Alert> listener) {
    this.settings = settings;
    this.clock = clock;
    this.listener = listener;
    settings.webhook().ifPresent(hook -> channels.add(new Webhook(hook, http, clock)));
    settings.ntfy().ifPresent(ntfy -> channels.add(new Ntfy(ntfy, http)));
    settings.mail().ifPresent(mail -> channels.add(new Mail(mail, clock)));
  }

  /** Something happened that does not last. */
  public void happened(Alert.Kind kind, String subject, String text) {
    Alert alert;
    synchronized (this) {
      alert = make(kind, subject, text);
      remember(alert);
      waiting.add(alert);
    }
    tell(alert);
  }

  /**
   * What holds of one kind at this moment; what held before and does not any more has ended.
   *
   * @param subjects each with its sentence
   */
  public void holds(Alert.Kind kind, Map<String, String> subjects) {
    List<Alert> news = new ArrayList<>();
    synchronized (this) {
      long now = clock.millis();
      for (Map.Entry<Key, Alert> entry : List.copyOf(active.entrySet())) {
        if (entry.getKey().kind() == kind && !subjects.containsKey(entry.getKey().subject())) {
          Alert ended = entry.getValue().endedAt(now);
          active.remove(entry.getKey());
          remember(ended);
          waiting.remove(entry.getValue());
          news.add(ended);
        }
      }
      subjects.forEach((subject, text) -> {
        Key key = new Key(kind, subject);
        Alert known = active.get(key);
        if (known == null && active.size() < MOST_ACTIVE) {
          Alert alert = make(kind, subject, text);
          active.put(key, alert);
          news.add(alert);
          known = alert;
        }
        if (known != null && isDue(key, now)) {
          sentAtMillis.put(key, now);
          waiting.add(known);
        }
      });
    }
    if (news.size() > MOST_LINES) {
      LOG.warn("alerts: {} of kind {} came or ended at once", news.size(), kind.text());
      news.forEach(listener);
    } else {
      news.forEach(this::tell);
    }
  }

  private boolean isDue(Key key, long now) {
    Long sent = sentAtMillis.get(key);
    return sent == null || now - sent >= settings.repeat().toMillis();
  }

  private Alert make(Alert.Kind kind, String subject, String text) {
    return new Alert(
        ++lastId,
        kind,
        Alert.printable(subject, SUBJECT_CHARS),
        Alert.printable(text, TEXT_CHARS),
        clock.millis(),
        0);
  }

  private void remember(Alert alert) {
    recent.addFirst(alert);
    if (recent.size() > KEPT) {
      recent.removeLast();
    }
  }

  private void tell(Alert alert) {
    if (alert.endedAtMillis() > 0) {
      LOG.info("alert over: {} {}", alert.kind().text(), alert.subject());
    } else {
      switch (alert.kind().severity()) {
        case INFO -> LOG.info("alert: {}", alert.text());
        case WARNING -> LOG.warn("alert: {}", alert.text());
        case CRITICAL -> LOG.error("alert: {}", alert.text());
      }
    }
    listener.accept(alert);
  }

  /** Sends what waits; called after each look, so that many at once make one message. */
  public void flush() {
    List<List<Alert>> messages = new ArrayList<>();
    synchronized (this) {
      boolean quiet =
          settings
              .quiet()
              .map(hours -> hours.holds(LocalTime.ofInstant(clock.instant(), ZoneOffset.UTC)))
              .orElse(false);
      Map<Alert.Kind, List<Alert>> byKind = new LinkedHashMap<>();
      for (Alert alert : List.copyOf(waiting)) {
        if (!quiet || alert.kind().severity() == Alert.Severity.CRITICAL) {
          byKind.computeIfAbsent(alert.kind(), kind -> new ArrayList<>()).add(alert);
          waiting.remove(alert);
        }
      }
      while (waiting.size() > KEPT) {
        waiting.removeFirst();
      }
      messages.addAll(byKind.values());
    }
    for (List<Alert> message : messages) {
      for (Channel channel : channels) {
        try {
          sender.execute(() -> send(channel, message));
        } catch (RejectedExecutionException e) {
          LOG.warn("an alert does not go to {}: too many wait there", channel.name());
        }
      }
    }
  }

  private static void send(Channel channel, List<Alert> message) {
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      try {
        channel.send(message);
        return;
      } catch (IOException e) {
        LOG.warn("an alert did not reach {} (try {}): {}", channel.name(), attempt, reason(e));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Our own exceptions are sentences; others are only told apart by their kind. */
  private static String reason(IOException e) {
    String message = e.getMessage();
    return Alert.printable(
        message != null && e.getClass() == IOException.class ? message : e.toString(), TEXT_CHARS);
  }

  /**
   * How a test went.
   *
   * @param channel its name
   * @param ok whether it went out
   * @param text how
   */
  public record Result(String channel, boolean ok, String text) {}

  /** Sends a test alert everywhere, now, quiet hours or not; waits for the channels. */
  public List<Result> test() {
    Alert alert;
    synchronized (this) {
      alert = make(Alert.Kind.TEST, "test", "this is a test alert; somebody asked for it");
      remember(alert);
    }
    tell(alert);
    List<Result> results = new ArrayList<>();
    results.add(new Result("log", true, "written"));
    results.add(new Result("stream", true, "sent to open pages"));
    for (Channel channel : channels) {
      try {
        channel.send(List.of(alert));
        results.add(new Result(channel.name(), true, "sent"));
      } catch (IOException e) {
        results.add(new Result(channel.name(), false, reason(e)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        results.add(new Result(channel.name(), false, "interrupted"));
      }
    }
    return results;
  }

  /** Alerts that last, oldest first. */
  public synchronized List<Alert> active() {
    return List.copyOf(active.values());
  }

  /** Alerts that are over or never lasted, newest first. */
  public synchronized List<Alert> recent() {
    return List.copyOf(recent);
  }

  @Override
  public void close() {
    sender.shutdownNow();
    http.shutdownNow();
  }
}
