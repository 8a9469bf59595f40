package org.adit.pool;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.adit.pool.work.CoinbaseClass;
import org.adit.pool.work.CoinbasePayouts;
import org.adit.pool.work.CoinbasePlan;
import org.jspecify.annotations.Nullable;

/**
 * The coinbases of one template that pay miners, one for each class of devices. Classes that come
 * to the same outputs share the coinbase of the smallest of them: with few miners that is one for
 * all.
 */
final class DirectPlan implements CoinbasePlan {
  private final Map<CoinbaseClass, CoinbaseClass> layouts;
  private final Map<CoinbaseClass, CoinbasePayouts> payouts;

  private DirectPlan(Builder builder) {
    this.layouts = new EnumMap<>(builder.layouts);
    this.payouts = new EnumMap<>(builder.payouts);
  }

  /** Takes the classes in their order, the smallest first. */
  static final class Builder {
    private final Map<CoinbaseClass, CoinbaseClass> layouts = new EnumMap<>(CoinbaseClass.class);
    private final Map<CoinbaseClass, CoinbasePayouts> payouts = new EnumMap<>(CoinbaseClass.class);
    private @Nullable CoinbaseClass last;

    void add(CoinbaseClass devices, CoinbasePayouts paid) {
      CoinbaseClass before = last;
      if (before != null && Objects.requireNonNull(payouts.get(before)).equals(paid)) {
        layouts.put(devices, before);
        return;
      }
      layouts.put(devices, devices);
      payouts.put(devices, paid);
      last = devices;
    }

    DirectPlan build() {
      return new DirectPlan(this);
    }
  }

  @Override
  public CoinbaseClass layout(CoinbaseClass devices) {
    return Objects.requireNonNull(layouts.get(devices));
  }

  @Override
  public String jobKey(String account, CoinbaseClass layout) {
    return layout.name();
  }

  @Override
  public CoinbasePayouts payouts(String account, CoinbaseClass layout) {
    return Objects.requireNonNull(payouts.get(layout));
  }
}
