package io.syncline.systemtests.process;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project lies: the nearest folder upwards that holds the Maven wrapper. */
public final class Project {

    private Project() {}

    public static Path root() {
        var told = System.getProperty("syncline.project");
        if (told != null) {
            return Path.of(told).toAbsolutePath().normalize();
        }
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw")) && Files.exists(folder.resolve("system-tests"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not inside the project: no folder upwards holds mvnw and system-tests");
    }
}
