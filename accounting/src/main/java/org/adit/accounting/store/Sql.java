package org.adit.accounting.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Small JDBC helpers: parameters are always bound, checked exceptions end here. */
final class Sql {
  private static final int SUM_BYTES = 16;

  /** Rows of one INSERT; more gain nothing. */
  private static final int ROWS_AT_ONCE = 64;

  /** Reads one row. */
  @FunctionalInterface
  interface RowMapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** Takes one row; false ends the query. */
  @FunctionalInterface
  interface RowVisitor {
    boolean visit(ResultSet row) throws SQLException;
  }

  private Sql() {}

  static void each(
      Connection connection, RowVisitor visitor, String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next() && visitor.visit(rows)) {}
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  static <T> List<T> list(
      Connection connection, RowMapper<T> mapper, String sql, @Nullable Object... parameters) {
    List<T> result = new ArrayList<>();
    each(connection, row -> result.add(mapper.map(row)), sql, parameters);
    return result;
  }

  static <T> Optional<T> first(
      Connection connection, RowMapper<T> mapper, String sql, @Nullable Object... parameters) {
    List<T> result = list(connection, mapper, sql, parameters);
    return result.isEmpty() ? Optional.empty() : Optional.of(result.getFirst());
  }

  /** Returns the number of rows changed. */
  static int update(Connection connection, String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Runs an {@code INSERT ... RETURNING id}. */
  static long insert(Connection connection, String sql, @Nullable Object... parameters) {
    return first(connection, row -> row.getLong(1), sql, parameters).orElseThrow();
  }

  static void batch(Connection connection, String sql, List<@Nullable Object[]> rows) {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (@Nullable Object[] row : rows) {
        bind(statement, row);
        statement.addBatch();
      }
      statement.executeBatch();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /**
   * Inserts many rows with few statements.
   *
   * @param into {@code INSERT INTO table (columns)}
   * @param rows each of the same number of columns
   */
  static void insertAll(Connection connection, String into, List<@Nullable Object[]> rows) {
    if (rows.isEmpty()) {
      return;
    }
    int columns = rows.getFirst().length;
    int whole = rows.size() / ROWS_AT_ONCE * ROWS_AT_ONCE;
    insertAll(connection, into, rows.subList(0, whole), ROWS_AT_ONCE, columns);
    insertAll(connection, into, rows.subList(whole, rows.size()), 1, columns);
  }

  private static void insertAll(
      Connection connection, String into, List<@Nullable Object[]> rows, int atOnce, int columns) {
    if (rows.isEmpty()) {
      return;
    }
    String row = "(" + "?, ".repeat(columns - 1) + "?)";
    String sql = into + " VALUES " + (row + ", ").repeat(atOnce - 1) + row;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int at = 0; at < rows.size(); at += atOnce) {
        for (int i = 0; i < atOnce; i++) {
          @Nullable Object[] values = rows.get(at + i);
          for (int column = 0; column < columns; column++) {
            Object value = values[column];
            statement.setObject(
                i * columns + column + 1, value instanceof BigInteger sum ? blob(sum) : value);
          }
        }
        statement.executeUpdate();
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      Object value = parameters[i];
      statement.setObject(i + 1, value instanceof BigInteger sum ? blob(sum) : value);
    }
  }

  private static StoreException failed(SQLException e) {
    return new StoreException("accounting database: " + e.getMessage(), e);
  }

  /** A sum as 16 bytes, big-endian, so that blobs sort like numbers. */
  static byte[] blob(BigInteger sum) {
    if (sum.signum() < 0 || sum.bitLength() > SUM_BYTES * Byte.SIZE) {
      throw new ArithmeticException("work sum " + sum + " does not fit into 128 bits");
    }
    byte[] bytes = sum.toByteArray();
    byte[] padded = new byte[SUM_BYTES];
    int length = Math.min(bytes.length, SUM_BYTES);
    System.arraycopy(bytes, bytes.length - length, padded, SUM_BYTES - length, length);
    return padded;
  }

  static BigInteger sum(ResultSet row, String column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    return bytes == null ? BigInteger.ZERO : new BigInteger(1, bytes);
  }
}
