package io.syncline.systemtests.crash;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.instrument.Instrumentation;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/** The agent, and the jar that a JVM is started with to have it. */
public final class CrashAgent {

    private static final List<Class<?>> CLASSES =
            List.of(CrashAgent.class, At.class, Woven.class, Crash.class, CrashPoint.class);
    private static final String PLACE = "io.syncline.systemtests.crash.Crash$Place";

    private CrashAgent() {}

    /** Binds the name of a point. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface At {}

    /** What is woven into a method. */
    static final class Woven {

        private Woven() {}

        @Advice.OnMethodEnter
        static void before(@At String name) {
            Crash.at("before", name);
        }

        @Advice.OnMethodExit
        static void after(@At String name) {
            Crash.at("after", name);
        }
    }

    /** @param order the file that will say where to crash */
    public static void premain(String order, Instrumentation instrumentation) {
        AgentBuilder agent = new AgentBuilder.Default().with(AgentBuilder.TypeStrategy.Default.REDEFINE);
        var byType = CrashPoint.everywhere().stream().collect(Collectors.groupingBy(CrashPoint::type));
        for (var type : byType.entrySet()) {
            agent = agent.type(named(type.getKey())).transform((builder, description, loader, module, domain) -> {
                for (CrashPoint point : type.getValue()) {
                    builder = builder.visit(Advice.withCustomMapping()
                            .bind(At.class, point.name())
                            .to(Woven.class)
                            .on(named(point.method())));
                }
                return builder;
            });
        }
        agent.installOn(instrumentation);
        Crash.watch(Path.of(order));
    }

    /**
     * Makes the agent's jar in a folder that has none yet, with all that it needs behind it. It is never written again: a JVM
     * that was just started may be reading it.
     *
     * @return the JVM option without the file, which is to be put behind it
     */
    public static synchronized String option(Path folder) throws IOException {
        var agent = folder.resolve("crash-agent.jar");
        if (!Files.exists(agent)) {
            make(Files.createDirectories(folder), agent);
        }
        return "-javaagent:" + agent + "=";
    }

    private static void make(Path folder, Path agent) throws IOException {
        var library = folder.resolve("byte-buddy.jar");
        try (var in = jarOf(ByteBuddy.class).openStream()) {
            Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
        }
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.CLASS_PATH, library.getFileName().toString());
        main.put(new Attributes.Name("Premain-Class"), CrashAgent.class.getName());
        try (var jar = new JarOutputStream(Files.newOutputStream(agent), manifest)) {
            for (Class<?> one : CLASSES) {
                add(jar, one.getName());
            }
            add(jar, PLACE);
        }
    }

    /** Of a jar in a jar too: {@code jar:nested:outer.jar/!inner.jar!/}. */
    private static URL jarOf(Class<?> type) throws MalformedURLException {
        var place = type.getProtectionDomain().getCodeSource().getLocation().toString();
        return place.startsWith("jar:")
                ? new URL(place.substring("jar:".length(), place.lastIndexOf("!/")))
                : new URL(place);
    }

    private static void add(JarOutputStream jar, String type) throws IOException {
        var name = type.replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(name));
        try (InputStream in = CrashAgent.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no class " + name);
            }
            in.transferTo(jar);
        }
        jar.closeEntry();
    }
}
