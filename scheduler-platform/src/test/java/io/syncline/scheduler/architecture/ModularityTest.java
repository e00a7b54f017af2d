package io.syncline.scheduler.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ImportOption;
import io.syncline.scheduler.SchedulerPlatform;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.core.Violations;

class ModularityTest {

    private static final Set<String> ALL_BUT_OPS_AND_QUARTZ =
            Set.of("store", "security", "catalog", "outbound", "run", "trigger", "dispatch", "callback");

    /** Who may import whom; the same table stands in the architecture page of the documentation. */
    private static final Map<String, Set<String>> ROOMS = Map.of(
            "store", Set.of(),
            "security", Set.of("store"),
            "catalog", Set.of("store", "security"),
            "outbound", Set.of("store", "security", "catalog"),
            "run", Set.of("store", "catalog"),
            "trigger", Set.of("store", "security", "catalog", "run", "outbound"),
            "dispatch", Set.of("store", "security", "catalog", "run", "outbound"),
            "callback", Set.of("store", "security", "run"),
            "ops", ALL_BUT_OPS_AND_QUARTZ,
            "quartz",
                    Set.of(
                            "store",
                            "security",
                            "catalog",
                            "outbound",
                            "run",
                            "trigger",
                            "dispatch",
                            "callback",
                            "ops"));

    private final ApplicationModules rooms = ApplicationModules.of(SchedulerPlatform.class);

    @Test
    void roomsUseOnlyTheFacesOfTheRoomsTheyMayUse() {
        rooms.verify();
    }

    @Test
    void everyRoomDeclaresWhatTheTableAllows() throws ClassNotFoundException {
        for (var room : rooms) {
            var name = room.getBasePackage().getLocalName();
            var declared = Class.forName(room.getBasePackage().getName() + ".package-info")
                    .getAnnotation(ApplicationModule.class);

            assertThat(declared).as("@ApplicationModule of room %s", name).isNotNull();
            assertThat(ROOMS).as("the table of rooms").containsKey(name);
            assertThat(Arrays.asList(declared.allowedDependencies()))
                    .as("what room %s may use", name)
                    .isSubsetOf(ROOMS.get(name));
        }
    }

    @Test
    void aPlantedRoomThatUsesMoreIsFound() {
        var planted = ApplicationModules.of("io.syncline.planted.rooms", (ImportOption) location -> true);

        assertThatThrownBy(planted::verify)
                .isInstanceOf(Violations.class)
                .hasMessageContaining("low")
                .hasMessageContaining("high");
    }
}
