package org.adit.pool.stratum.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyQueueTest {
  private final List<String> written = new ArrayList<>();
  private final ReplyQueue queue = new ReplyQueue(new Written());

  private final class Written implements ReplyQueue.Output {
    @Override
    public void line(byte[] line) {
      written.add(new String(line, StandardCharsets.US_ASCII));
    }

    @Override
    public void accepted(Object id) {
      written.add("true " + id);
    }

    @Override
    public void notification() {
      written.add("job");
    }
  }

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

    queue.notification();
    share.accept(7L);

    assertThat(written).containsExactly("job", "true 7");
  }

  @Test
  void noNotificationStandsBetweenASubscribeAndItsReply() {
    ReplyQueue.Slot share = queue.next();
    ReplyQueue.Slot subscribe = queue.nextHandshake();

    subscribe.reply(bytes("subscribed"));
    queue.notification();
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
