package io.syncline.scheduler.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

    private static final String OURS = "io.syncline.scheduler";
    private static final String PLANTED = "io.syncline.planted";
    private static final JavaClasses SCHEDULER = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OURS);
    private static final JavaClasses CONTRACTS = new ClassFileImporter().importPackages("io.syncline.contracts");
    private static final JavaClasses PLANTED_CLASSES = new ClassFileImporter().importPackages(PLANTED);

    static Stream<Rule> rules() {
        return Stream.of(
                new Rule("tokens in security", ArchitectureRules::tokensAreReadAndWrittenInSecurityAlone, "Signs"),
                new Rule("Quartz in its room", ArchitectureRules::quartzIsKnownInItsRoomAlone, "Schedules"),
                new Rule("wall clock in store", ArchitectureRules::nobodyReadsTheWallClockButStore, "ReadsInstantNow"),
                new Rule("wall clock in store", ArchitectureRules::nobodyReadsTheWallClockButStore, "ReadsMillis"),
                new Rule("wall clock in store", ArchitectureRules::nobodyReadsTheWallClockButStore, "MakesADate"),
                new Rule("wall clock in store", ArchitectureRules::nobodyReadsTheWallClockButStore, "TakesAClock"),
                new Rule("no HTTP in run", ArchitectureRules::runKnowsNoHttp, "AnswersHttp"),
                new Rule("no wire records below", ArchitectureRules::storeAndSecurityKnowNoWireRecords, "ReadsAReport"),
                new Rule("no cycles", ArchitectureRules::packagesHaveNoCycles, "Cycle"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void ourClassesKeepTheRule(Rule rule) {
        var root = rule.name().equals("no cycles") ? "io.syncline.contracts" : OURS;
        var classes = rule.name().equals("no cycles") ? CONTRACTS : SCHEDULER;
        assertThat(classes).isNotEmpty();

        // A room that is still to be built breaks no rule.
        var result = rule.under(root).allowEmptyShould(true).evaluate(classes);

        assertThat(result.getFailureReport().getDetails()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aPlantedClassBreaksTheRule(Rule rule) {
        var result = rule.under(PLANTED).evaluate(PLANTED_CLASSES);

        assertThat(result.getFailureReport().getDetails()).anyMatch(fault -> fault.contains(rule.breaker()));
    }

    record Rule(String name, Function<String, ArchRule> rule, String breaker) {

        ArchRule under(String root) {
            return rule.apply(root);
        }

        @Override
        public String toString() {
            return name + ", broken by " + breaker;
        }
    }
}
