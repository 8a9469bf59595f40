package org.adit.pool;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The walls of docs/architecture.md, held. */
class WallsTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.adit");

  private static void hold(ArchRule rule) {
    rule.check(CODE);
  }

  /** Packages of this project a room may know, besides itself. */
  private static ArchRule knowsOnly(String room, String... others) {
    String[] allowed = new String[others.length + 1];
    allowed[0] = room;
    System.arraycopy(others, 0, allowed, 1, others.length);
    DescribedPredicate<JavaClass> ours = JavaClass.Predicates.resideInAPackage("org.adit..");
    DescribedPredicate<JavaClass> known = JavaClass.Predicates.resideInAnyPackage(allowed);
    return noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat(ours.and(DescribedPredicate.not(known)));
  }

  @Test
  void everyModuleWasRead() {
    assertThat(CODE.size()).isGreaterThan(200);
    for (String room : new String[] {"config", "hasher", "accounting", "pool", "miner"}) {
      assertThat(CODE.stream().map(JavaClass::getPackageName))
          .anyMatch(name -> name.startsWith("org.adit." + room));
    }
  }

  @Test
  void aBrokenWallIsSeen() {
    assertThatThrownBy(() -> hold(knowsOnly("org.adit.pool.work..")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("org.adit.hasher");
  }

  @Test
  void modulesKnowOnlyWhatTheyMay() {
    hold(knowsOnly("org.adit.config.."));
    hold(knowsOnly("org.adit.hasher.."));
    hold(knowsOnly("org.adit.accounting..", "org.adit.hasher.."));
  }

  @Test
  void hasherNeedsTheJdkOnly() {
    hold(
        classes()
            .that()
            .resideInAPackage("org.adit.hasher..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("org.adit.hasher..", "java..", "jdk..", "org.jspecify.."));
  }

  @Test
  void onlyPortsAndTheLoadGeneratorKnowTheNetworkLibrary() {
    hold(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "org.adit.pool.stratum..", "org.adit.pool.web.http..", "org.adit.load..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty.."));
  }

  @Test
  void roomsOfThePoolServerKnowOnlyTheirNeighbours() {
    hold(knowsOnly("org.adit.pool.bitcoind..", "org.adit.config..", "org.adit.hasher.."));
    hold(knowsOnly("org.adit.pool.work..", "org.adit.pool.bitcoind..", "org.adit.hasher.."));
    hold(
        knowsOnly(
            "org.adit.pool.mining..",
            "org.adit.pool.work..",
            "org.adit.hasher..",
            "org.adit.accounting.journal.."));
    hold(
        knowsOnly(
            "org.adit.pool.blocks..",
            "org.adit.pool.mining..",
            "org.adit.pool.work..",
            "org.adit.pool.bitcoind..",
            "org.adit.config..",
            "org.adit.hasher..",
            "org.adit.accounting.."));
    hold(
        knowsOnly(
            "org.adit.pool.payouts..",
            "org.adit.pool.bitcoind..",
            "org.adit.config..",
            "org.adit.accounting.."));
    hold(
        knowsOnly(
            "org.adit.pool.recall..",
            "org.adit.pool.mining..",
            "org.adit.pool.work..",
            "org.adit.pool.bitcoind..",
            "org.adit.config..",
            "org.adit.hasher.."));
    hold(knowsOnly("org.adit.pool.stats..", "org.adit.pool.mining..", "org.adit.accounting.."));
    hold(
        knowsOnly(
            "org.adit.pool.web..",
            "org.adit.pool.alerts..",
            "org.adit.pool.stats..",
            "org.adit.pool.mining..",
            "org.adit.pool.work..",
            "org.adit.pool.payouts..",
            "org.adit.pool.blocks..",
            "org.adit.pool.bitcoind..",
            "org.adit.config..",
            "org.adit.hasher..",
            "org.adit.accounting.."));
    hold(knowsOnly("org.adit.pool.web.http.."));
    hold(knowsOnly("org.adit.pool.web.page..", "org.adit.pool.web.http.."));
    hold(knowsOnly("org.adit.pool.alerts..", "org.adit.config.."));
    hold(knowsOnly("org.adit.miner..", "org.adit.hasher.."));
    hold(knowsOnly("org.adit.load..", "org.adit.hasher.."));
  }

  @Test
  void sessionsAreThinTranslators() {
    hold(
        noClasses()
            .that()
            .resideInAPackage("org.adit.pool.stratum..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.adit.accounting..", "org.adit.pool.blocks.."));
    hold(
        noClasses()
            .that()
            .resideInAPackage("org.adit.pool.mining..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tools.jackson..", "org.adit.pool.stratum.."));
  }

  @Test
  void sqlStaysInOnePackage() {
    hold(
        noClasses()
            .that()
            .resideOutsideOfPackage("org.adit.accounting.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.sqlite..", "com.zaxxer.hikari.."));
  }

  @Test
  void roomsDoNotKnowEachOtherInCircles() {
    hold(
        slices()
            .matching("org.adit.pool.(*)..")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(
                JavaClass.Predicates.resideInAPackage("org.adit.pool"),
                JavaClass.Predicates.resideInAPackage("org.adit.pool..")));
  }
}
