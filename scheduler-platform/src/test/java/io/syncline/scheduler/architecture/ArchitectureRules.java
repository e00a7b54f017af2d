package io.syncline.scheduler.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;

/** The rules of the house that the compiler and the room table do not know. Each is given a root, so that planted classes can break it. */
final class ArchitectureRules {

    private ArchitectureRules() {}

    static ArchRule tokensAreReadAndWrittenInSecurityAlone(String root) {
        return noClasses()
                .that(outside(root, "security"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.jsonwebtoken..", "org.springframework.security..")
                .because("one room knows how tokens are made and checked");
    }

    static ArchRule quartzIsKnownInItsRoomAlone(String root) {
        return noClasses()
                .that(outside(root, "quartz"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.quartz..")
                .because("Quartz is the cluster's clock, and nothing else may lean on it");
    }

    static ArchRule nobodyReadsTheWallClockButStore(String root) {
        return noClasses()
                .that(outside(root, "store"))
                .should()
                .callMethodWhere(target(nameMatching("now")).and(target(owner(resideInAPackage("java.time..")))))
                .orShould()
                .callMethodWhere(target(nameMatching("currentTimeMillis"))
                        .and(target(owner(nameMatching("java\\.lang\\.System")))))
                .orShould()
                .callMethodWhere(
                        target(nameMatching("system.*|tick.*")).and(target(owner(nameMatching("java\\.time\\.Clock")))))
                .orShould()
                .callConstructor(java.util.Date.class)
                .because("the database's clock is the only clock for leases, due times and deadlines");
    }

    static ArchRule runKnowsNoHttp(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + ".run..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.springframework.web..",
                        "org.springframework.http..",
                        "jakarta.servlet..",
                        "java.net.http..",
                        "org.apache.hc.."))
                .because("what moves and why is decided without the wire");
    }

    static ArchRule storeAndSecurityKnowNoWireRecords(String root) {
        return noClasses()
                .that()
                .resideInAnyPackage(root + ".store..", root + ".security..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.syncline.contracts..")
                .because("they serve every room, whatever crosses the wire");
    }

    static ArchRule packagesHaveNoCycles(String root) {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> outside(String root, String room) {
        return com.tngtech.archunit.base.DescribedPredicate.describe(
                "outside of " + room, type -> !inside(type, root + "." + room));
    }

    private static boolean inside(JavaClass type, String room) {
        return type.getPackageName().equals(room) || type.getPackageName().startsWith(room + ".");
    }
}
