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
            Set.of("store", "security", "catalog", "outbound", "run", "trigger", "dispatch", "callback", "alert");

    /** Who may import whom; the same table stands in the architecture page of the documentation. */
    private static final Map<String, Set<String>> ROOMS = Map.ofEntries(
            Map.entry("store", Set.of()),
            Map.entry("security", Set.of("store")),
            Map.entry("catalog", Set.of("store", "security")),
            Map.entry("outbound", Set.of("store", "security", "catalog")),
            Map.entry("run", Set.of("store", "catalog")),
            Map.entry("trigger", Set.of("store", "security", "catalog", "run", "outbound")),
            Map.entry("dispatch", Set.of("store", "security", "catalog", "run", "outbound")),
            Map.entry("callback", Set.of("store", "security", "run")),
            Map.entry("alert", Set.of("store", "security", "catalog", "run", "trigger", "outbound")),
            Map.entry("observe", Set.of("store", "security", "catalog", "run")),
            Map.entry("live", Set.of("store", "security", "catalog")),
            Map.entry("ops", ALL_BUT_OPS_AND_QUARTZ),
            Map.entry(
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
                            "alert",
                            "ops")));

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
