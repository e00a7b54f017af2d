package io.syncline.client.sync;

import io.syncline.client.ClientProperties;
import io.syncline.client.StartRefusedException;
import io.syncline.client.SyncCancel;
import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import io.syncline.client.security.SyncPaths;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.server.PathContainer;
import org.springframework.util.ClassUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/** The handlers of this application, found by their annotations. */
final class SyncTasks implements SyncPaths {

    private final ConfigurableListableBeanFactory beans;
    private final ClientProperties properties;
    private final List<Handler> tasks = new ArrayList<>();
    private final List<Handler> cancels = new ArrayList<>();

    SyncTasks(ConfigurableListableBeanFactory beans, ClientProperties properties) {
        this.beans = beans;
        this.properties = properties;
    }

    /** Once, when all beans are there. */
    void scan() {
        types(beans).forEach(this::scan);
        if (!tasks.isEmpty()) {
            properties.requiredSystem();
        }
    }

    /** The name of some handler; empty when there is none. */
    static Optional<String> anyHandler(ConfigurableListableBeanFactory beans) {
        for (var type : types(beans).values()) {
            var handlers = new ArrayList<>(methods(type, SyncTask.class).keySet());
            handlers.addAll(methods(type, SyncCancel.class).keySet());
            if (!handlers.isEmpty()) {
                return Optional.of(name(handlers.get(0)));
            }
        }
        return Optional.empty();
    }

    /** The classes of the service's beans, by bean. */
    private static Map<String, Class<?>> types(ConfigurableListableBeanFactory beans) {
        var types = new LinkedHashMap<String, Class<?>>();
        for (var name : beans.getBeanDefinitionNames()) {
            var type = beans.getType(name, false);
            if (type != null && !type.getName().startsWith("org.springframework.")) {
                types.put(name, ClassUtils.getUserClass(type));
            }
        }
        return types;
    }

    private void scan(String bean, Class<?> type) {
        methods(type, SyncTask.class).forEach((method, task) -> {
            requireSignature(method, SyncResult.class);
            tasks.add(handler(tasks, task.value(), bean, method));
        });
        methods(type, SyncCancel.class).forEach((method, cancel) -> {
            requireSignature(method, void.class);
            cancels.add(handler(cancels, cancel.value(), bean, method));
        });
    }

    private Handler handler(List<Handler> known, String path, String bean, Method method) {
        requirePath(path, method);
        var target = beans.getBean(bean);
        var handler = Handler.of(path, target, invocable(method, target));
        for (var other : known) {
            if (isAmbiguous(other.path(), handler.path())) {
                throw new StartRefusedException(
                        "Two handlers take the path " + path + ": " + name(other.method()) + " and " + name(method)
                                + ".",
                        "Give one of them another path, or tell the two apart inside one handler by "
                                + "work.request().task() or work.pathVariables().");
            }
        }
        return handler;
    }

    private static void requirePath(String path, Method method) {
        if (!path.startsWith("/")) {
            throw new StartRefusedException(
                    "The path \"" + path + "\" of " + name(method) + " does not begin with a slash.",
                    "Write it as /sync/plans or /sync/{dataset}.");
        }
        try {
            PathPatternParser.defaultInstance.parse(path);
        } catch (PatternParseException e) {
            throw new StartRefusedException(
                    "The path \"" + path + "\" of " + name(method) + " cannot be read: " + e.getMessage() + ".",
                    "Write it as /sync/plans or /sync/{dataset}.",
                    e);
        }
    }

    private static Method invocable(Method method, Object target) {
        try {
            var invocable = AopUtils.selectInvocableMethod(method, target.getClass());
            invocable.setAccessible(true);
            return invocable;
        } catch (IllegalStateException e) {
            throw new StartRefusedException(
                    "The handler " + name(method) + " cannot be called through the proxy of its bean.",
                    "Make it public, or declare it in an interface of the bean.",
                    e);
        }
    }

    /** The same but for the names of variables: no call could tell which one it is for. */
    private static boolean isAmbiguous(PathPattern one, PathPattern other) {
        return withoutNames(one).equals(withoutNames(other));
    }

    private static String withoutNames(PathPattern pattern) {
        return pattern.getPatternString().replaceAll("\\{[^:}]+}", "{}");
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static <A extends Annotation> Map<Method, A> methods(Class<?> type, Class<A> annotation) {
        MethodIntrospector.MetadataLookup<A> lookup =
                method -> AnnotatedElementUtils.findMergedAnnotation(method, annotation);
        return MethodIntrospector.selectMethods(type, lookup);
    }

    private static void requireSignature(Method method, Class<?> result) {
        boolean takesWork = method.getParameterCount() == 1 && method.getParameterTypes()[0] == SyncWork.class;
        boolean givesResult = result == void.class
                ? method.getReturnType() == void.class
                : SyncResult.class.isAssignableFrom(method.getReturnType());
        if (!takesWork || !givesResult) {
            throw new StartRefusedException(
                    "The handler " + name(method) + " does not take one SyncWork and return " + result.getSimpleName()
                            + ".",
                    "Write it as " + result.getSimpleName() + " " + method.getName() + "(SyncWork work).");
        }
    }

    @Override
    public List<String> patterns() {
        var patterns = new ArrayList<String>();
        tasks.forEach(task -> patterns.add(task.path().getPatternString()));
        cancels.forEach(cancel -> patterns.add(cancel.path().getPatternString()));
        return patterns;
    }

    List<Handler> tasks() {
        return List.copyOf(tasks);
    }

    List<Handler> cancels() {
        return List.copyOf(cancels);
    }

    Optional<Handler> find(String path) {
        return best(tasks, path);
    }

    Optional<Handler> findCancel(String path) {
        return best(cancels, path);
    }

    Map<String, String> variables(Handler handler, String path) {
        var match = handler.path().matchAndExtract(PathContainer.parsePath(path));
        return match == null ? Map.of() : match.getUriVariables();
    }

    private static Optional<Handler> best(List<Handler> handlers, String path) {
        var parsed = PathContainer.parsePath(path);
        return handlers.stream()
                .filter(handler -> handler.path().matches(parsed))
                .min(Comparator.comparing(Handler::path));
    }
}
