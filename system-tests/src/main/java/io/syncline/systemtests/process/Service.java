package io.syncline.systemtests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A service of the project and where its executable jar lies. */
public enum Service {
    SCHEDULER("scheduler-platform"),
    PROVIDER("data-provider"),
    CONSUMER("data-consumer"),
    PORTAL("portal-ui");

    private final String module;

    Service(String module) {
        this.module = module;
    }

    public String module() {
        return module;
    }

    /** The executable jar that the build left in the module's target folder. */
    public Path jar(Path project) {
        var target = project.resolve(module).resolve("target");
        try {
            if (Files.isDirectory(target)) {
                try (var jars = Files.newDirectoryStream(target, "syncline-" + module + "-*-exec.jar")) {
                    for (var jar : jars) {
                        return jar;
                    }
                }
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        throw new IllegalStateException("no executable jar in %s; build it with ./mvnw -q -DskipTests package"
                .formatted(project.relativize(target)));
    }
}
