package org.adit.accounting.vectors;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.adit.accounting.economics.Reals;
import org.adit.accounting.scheme.Rational;
import org.jspecify.annotations.Nullable;

/** Typed access to a parsed JSON object; every complaint names the path of the field. */
final class Fields {
  private final String path;
  private final Map<?, ?> values;

  private Fields(String path, Map<?, ?> values) {
    this.path = path;
    this.values = values;
  }

  static Fields of(String path, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new Fields(path, map);
    }
    throw new VectorException(path + " is not an object");
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  Set<?> names() {
    return values.keySet();
  }

  @Nullable Object raw(Object name) {
    return values.get(name);
  }

  private Object need(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new VectorException(at(name) + " is missing");
    }
    return value;
  }

  private String at(String name) {
    return path + "." + name;
  }

  String text(String name) {
    if (need(name) instanceof String text) {
      return text;
    }
    throw new VectorException(at(name) + " is not a string");
  }

  boolean flag(String name) {
    if (need(name) instanceof Boolean flag) {
      return flag;
    }
    throw new VectorException(at(name) + " is not true or false");
  }

  /** A whole number, written as a number or as a string. */
  BigInteger integer(String name) {
    return integer(at(name), need(name));
  }

  private static BigInteger integer(String path, @Nullable Object value) {
    try {
      return switch (value) {
        case String text when text.length() <= 100 -> new BigInteger(text);
        case Number number -> new BigDecimal(number.toString()).toBigIntegerExact();
        case null, default -> throw new VectorException(path + " is not a whole number");
      };
    } catch (ArithmeticException | NumberFormatException e) {
      throw new VectorException(path + " is not a whole number");
    }
  }

  long whole(String name) {
    return whole(at(name), integer(name));
  }

  private static long whole(String path, BigInteger value) {
    if (value.bitLength() >= Long.SIZE) {
      throw new VectorException(path + " is larger than 63 bits");
    }
    return value.longValue();
  }

  int small(String name) {
    long value = whole(name);
    if (value != (int) value) {
      throw new VectorException(at(name) + " is larger than 31 bits");
    }
    return (int) value;
  }

  Rational rational(String name) {
    try {
      return Rational.parse(String.valueOf(need(name)));
    } catch (NumberFormatException e) {
      throw new VectorException(at(name) + " is not a fraction");
    }
  }

  /** A figure: a number, a decimal string with or without exponent, or a fraction. */
  double real(String name) {
    return real(at(name), need(name));
  }

  private static double real(String path, @Nullable Object value) {
    try {
      return switch (value) {
        case String text -> Reals.of(Rational.parse(text));
        case Number number -> number.doubleValue();
        case null, default -> throw new VectorException(path + " is not a number");
      };
    } catch (NumberFormatException e) {
      throw new VectorException(path + " is not a number");
    }
  }

  /** A list of figures. */
  List<Double> reals(String name) {
    if (!(need(name) instanceof List<?> list)) {
      throw new VectorException(at(name) + " is not a list");
    }
    List<Double> result = new ArrayList<>(list.size());
    for (Object value : list) {
      result.add(real(at(name) + "[" + result.size() + "]", value));
    }
    return result;
  }

  Fields object(String name) {
    return of(at(name), need(name));
  }

  List<Fields> objects(String name) {
    if (!(need(name) instanceof List<?> list)) {
      throw new VectorException(at(name) + " is not a list");
    }
    List<Fields> result = new ArrayList<>(list.size());
    for (Object value : list) {
      result.add(of(at(name) + "[" + result.size() + "]", value));
    }
    return result;
  }

  /** A list of whole numbers. */
  List<Long> wholeList(String name) {
    if (!(need(name) instanceof List<?> list)) {
      throw new VectorException(at(name) + " is not a list");
    }
    List<Long> result = new ArrayList<>(list.size());
    for (Object value : list) {
      String where = at(name) + "[" + result.size() + "]";
      result.add(whole(where, integer(where, value)));
    }
    return result;
  }

  /** An object of whole numbers. */
  Map<String, Long> wholes(String name) {
    Map<String, Long> result = new LinkedHashMap<>();
    Fields inner = object(name);
    for (Object key : inner.names()) {
      result.put(String.valueOf(key), inner.whole(String.valueOf(key)));
    }
    return result;
  }
}
