package org.adit.accounting;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.adit.hasher.Difficulty;
import org.junit.jupiter.api.Test;

/** Who may know whom inside the module; docs/architecture.md draws the same picture. */
class WallsTest {
  private static final String ROOT = "org.adit.accounting";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void theModuleKnowsOnlyWhatItMay() {
    assertThat(CLASSES).hasSizeGreaterThan(50);
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "..",
            "org.adit.hasher",
            "java..",
            "javax.sql..",
            "javax.crypto..",
            "org.jspecify..",
            "org.slf4j..",
            "org.jctools..",
            "org.bitcoinj..",
            "com.zaxxer.hikari..",
            "org.sqlite..")
        .check(CLASSES);
  }

  @Test
  void sqlIsSpokenInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".store")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..", "org.sqlite..")
        .check(CLASSES);
  }

  /** Whoever opens books names the database; everybody else asks the interface. */
  @Test
  void theDatabaseIsBehindOneInterface() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".store", ROOT + ".bench")
        .and()
        .doNotHaveSimpleName("AccountingReader")
        .and()
        .doNotHaveSimpleName("OperatorAccounting")
        .and()
        .doNotHaveSimpleName("Backup")
        .and()
        .haveNameNotMatching(".*\\.Footing(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .haveSimpleNameStartingWith("Sqlite")
        .check(CLASSES);
  }

  /** Words of SQLite's own, or text of statements, in a source file. */
  private static Stream<String> found(Path file, Pattern words) {
    try {
      String text = Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "");
      return words.matcher(text).results().map(hit -> file + ": " + hit.group());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  /**
   * What another database would have to say otherwise stands in one list; tables and their steps
   * apart. Statements stand in one package.
   */
  @Test
  void whatOnlySqliteUnderstandsIsNamedInOnePlace() throws IOException {
    Pattern dialect =
        Pattern.compile(
            "\\bPRAGMA\\b|\"BEGIN|INSERT OR |REPLACE INTO|(?i:\\browid\\b)|\\bsqlite_\\w+|jdbc:sqlite|"
                + "last_insert_rowid|\\bGLOB\\b|(?i:\\bifnull\\b)|strftime|CROSS JOIN|\\bSTRICT\\b|INDEXED BY");
    Pattern statement =
        Pattern.compile("\\b(SELECT|INSERT INTO|DELETE FROM|CREATE TABLE|UPDATE \\w+ SET)\\b");
    List<Path> sources = sources();
    assertThat(sources).hasSizeGreaterThan(150);
    assertThat(
            sources.stream()
                .filter(
                    file -> !file.toString().matches(".*/store/(Schema\\w*|SqliteDialect).java"))
                .flatMap(file -> found(file, dialect)))
        .isEmpty();
    assertThat(
            sources.stream()
                .filter(file -> !file.toString().contains("/store/"))
                .flatMap(file -> found(file, statement)))
        .isEmpty();
    // The check itself is able to find something.
    Path store = Path.of("src/main/java/org/adit/accounting/store");
    assertThat(found(store.resolve("SqliteDialect.java"), dialect)).hasSizeGreaterThan(4);
    assertThat(found(store.resolve("SqliteReader.java"), statement)).hasSizeGreaterThan(10);
  }

  @Test
  void librariesStayInTheirRooms() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".address")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bitcoinj..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".journal")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.jctools..")
        .check(CLASSES);
  }

  /** Schemes and ledger rules are pure: no files, no SQL, no clock, no other room. */
  @Test
  void moneyIsComputedByPureFunctions() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".scheme", ROOT + ".ledger")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.nio.file..",
            "java.time..",
            "java.sql..",
            ROOT,
            ROOT + ".journal",
            ROOT + ".store",
            ROOT + ".bucket")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".journal")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT, ROOT + ".store", ROOT + ".bucket", ROOT + ".scheme", ROOT + ".ledger")
        .check(CLASSES);
  }

  /** ArchUnit's dependency rules leave primitives out, so this looks at types itself. */
  private static Stream<String> floatingPoint(JavaClass owner) {
    Stream<JavaClass> fields = owner.getFields().stream().map(JavaField::getRawType);
    Stream<JavaClass> own =
        owner.getCodeUnits().stream()
            .flatMap(unit ->
                Stream.concat(
                    Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream()));
    Stream<JavaClass> called =
        owner.getCodeUnitCallsFromSelf().stream()
            .flatMap(call ->
                Stream.concat(
                    Stream.of(call.getTarget().getRawReturnType()),
                    call.getTarget().getRawParameterTypes().stream()));
    return Stream.of(fields, own, called)
        .flatMap(types -> types)
        .map(JavaClass::getName)
        .filter(Set.of("double", "float", "java.lang.Double", "java.lang.Float")::contains)
        .map(type -> owner.getName() + " uses " + type);
  }

  /** Figures for people are made of amounts and work, never the other way round. */
  @Test
  void nothingThatIsPaidKnowsTheEconomics() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + ".scheme",
            ROOT + ".ledger",
            ROOT + ".journal",
            ROOT + ".store",
            ROOT + ".bucket",
            ROOT + ".payout",
            ROOT + ".proof")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".economics")
        .check(CLASSES);
  }

  @Test
  void noAmountOrWorkIsEverAFloatingPointNumber() {
    List<JavaClass> exact =
        CLASSES.stream()
            .filter(one -> !one.getPackageName().endsWith(".vectors"))
            .filter(one -> !one.getPackageName().endsWith(".economics"))
            .toList();
    assertThat(exact.stream().flatMap(WallsTest::floatingPoint)).isEmpty();
    // The check itself is able to find something.
    JavaClass difficulty = new ClassFileImporter().importClass(Difficulty.class);
    assertThat(floatingPoint(difficulty)).isNotEmpty();
  }
}
