package io.syncline.client.sync;

import io.syncline.client.ClientProperties;
import io.syncline.client.SyncCancel;
import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import io.syncline.client.security.SyncPaths;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.server.PathContainer;
import org.springframework.util.ClassUtils;

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
        for (var name : beans.getBeanDefinitionNames()) {
            var type = beans.getType(name, false);
            if (type != null && !type.getName().startsWith("org.springframework.")) {
                scan(name, ClassUtils.getUserClass(type));
            }
        }
        if (!tasks.isEmpty()) {
            properties.requiredSystem();
        }
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
        if (known.stream().anyMatch(handler -> handler.path().getPatternString().equals(path))) {
            throw new IllegalStateException("two handlers take the path " + path + "; the second is " + method);
        }
        var target = beans.getBean(bean);
        var invocable = AopUtils.selectInvocableMethod(method, target.getClass());
        invocable.setAccessible(true);
        return Handler.of(path, target, invocable);
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
            throw new IllegalStateException(
                    "a handler takes one SyncWork and returns " + result.getSimpleName() + ": " + method);
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
