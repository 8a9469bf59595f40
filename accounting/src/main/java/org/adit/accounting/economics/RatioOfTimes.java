package org.adit.accounting.economics;

/**
 * The F distribution: how the mean times of two counts of rare events compare when their pace is
 * one. Quantiles by Paulson's transformation, which makes the cube root of each mean normal; wrong
 * by less than one percent from five events on either side.
 */
final class RatioOfTimes {
  private RatioOfTimes() {}

  /**
   * The ratio of the mean time of {@code events} events to that of {@code seen} others which is not
   * exceeded with a given chance.
   *
   * @param probability between 0 and 1
   * @param events at least 1
   * @param seen at least 1
   * @return infinite where so few events say nothing
   */
  static double quantile(double probability, int events, int seen) {
    double z = GammaFunction.normalQuantile(Checks.fraction("probability", probability));
    // Twice the events are the degrees of freedom.
    double overError = 1 / (9.0 * events);
    double underError = 1 / (9.0 * seen);
    double over = 1 - overError;
    double under = 1 - underError;
    double square = under * under - z * z * underError;
    double middle = over * under;
    double rest = over * over - z * z * overError;
    double root = Math.sqrt(Math.max(0, middle * middle - square * rest));
    double cubeRoot;
    if (probability < 0.5) {
      cubeRoot = Math.max(0, rest / (middle + root));
    } else if (square <= 0) {
      return Double.POSITIVE_INFINITY;
    } else {
      cubeRoot = (middle + root) / square;
    }
    return cubeRoot * cubeRoot * cubeRoot;
  }
}
