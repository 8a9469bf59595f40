package org.adit.pool.stratum.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyQueueTest {
  private final List<String> written = new ArrayList<>();
  private final ReplyQueue queue =
      new ReplyQueue(line -> written.add(new String(line, StandardCharsets.US_ASCII)));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void repliesKeepTheOrderOfRequests() {
    ReplyQueue.Slot first = queue.next();
    ReplyQueue.Slot second = queue.next();
    ReplyQueue.Slot third = queue.next();

    third.reply(bytes("3"));
    first.reply(bytes("1"));
    assertThat(written).containsExactly("1");
    second.reply(bytes("2"));

    assertThat(written).containsExactly("1", "2", "3");
    assertThat(queue.size()).isZero();
  }

  @Test
  void notificationsPassPendingShares() {
    ReplyQueue.Slot share = queue.next();

    queue.notification(bytes("job"));
    share.reply(bytes("true"));

    assertThat(written).containsExactly("job", "true");
  }

  @Test
  void noNotificationStandsBetweenASubscribeAndItsReply() {
    ReplyQueue.Slot share = queue.next();
    ReplyQueue.Slot subscribe = queue.nextHandshake();

    subscribe.reply(bytes("subscribed"));
    queue.notification(bytes("job"));
    assertThat(written).isEmpty();
    share.reply(bytes("true"));

    assertThat(written).containsExactly("true", "subscribed", "job");
  }

  @Test
  void aSecondReplyIsAMistake() {
    ReplyQueue.Slot slot = queue.next();
    slot.reply(bytes("1"));

    assertThatIllegalStateException().isThrownBy(() -> slot.reply(bytes("2")));
  }
}
