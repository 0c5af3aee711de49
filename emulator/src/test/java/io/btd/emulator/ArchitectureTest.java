// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.btd.pages.PlantedBreaches;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(place -> !place.contains("-tests.jar"))
            .importPackages("io.btd");

    /// Classes that break every rule; what uses internals of the JDK does not compile here, so that is one of its own.
    private static final JavaClasses BREACHES =
            new ClassFileImporter().importClasses(PlantedBreaches.class, ConcurrentHashMap.class);

    static Stream<ArchRule> rules() {
        return Stream.concat(House.arrows().stream(), gateways());
    }

    static Stream<ArchRule> gateways() {
        return Stream.of(
                House.onlyTheGatewayTouchesSegments(),
                House.onlyTheGatewayMaps(),
                House.rawSegmentsAreForViews(),
                House.nativeCallsHaveOneOwner(),
                House.noInternalsOfTheJdk());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(ArchRule rule) {
        rule.check(HOUSE);
    }

    @Test
    void everyPackageHasItsPlace() {
        House.everythingHasARoom().check(HOUSE);
        assertThat(HOUSE.containPackage("io.btd.api")).isTrue();
        assertThat(HOUSE.containPackage("io.btd.pmem")).isTrue();
        assertThat(HOUSE.containPackage("io.btd.cli")).isTrue();
    }

    @ParameterizedTest
    @MethodSource("gateways")
    void aBreachOfAGatewayIsFound(ArchRule rule) {
        assertThat(rule.evaluate(BREACHES).hasViolation()).isTrue();
    }

    @Test
    void aBreachOfAnArrowIsFound() {
        assertThat(House.arrows())
                .filteredOn(rule -> rule.evaluate(BREACHES).hasViolation())
                .singleElement()
                .satisfies(rule -> assertThat(rule.getDescription()).startsWith("io.btd.pages.. uses nothing"));
    }
}
