package io.syncline.client.sync;

import io.syncline.client.StartRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.http.MediaType;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Gives each handler's path a route. */
final class SyncRoutes implements SmartInitializingSingleton {

    private final SyncTasks tasks;
    private final SyncController controller;
    private final RequestMappingHandlerMapping mapping;

    SyncRoutes(SyncTasks tasks, SyncController controller, RequestMappingHandlerMapping mapping) {
        this.tasks = tasks;
        this.controller = controller;
        this.mapping = mapping;
    }

    @Override
    public void afterSingletonsInstantiated() {
        tasks.scan();
        tasks.tasks().forEach(task -> register(task, "call"));
        tasks.cancels().forEach(cancel -> register(cancel, "cancel"));
    }

    private void register(Handler handler, String methodName) {
        requireFree(handler);
        var route = RequestMappingInfo.paths(handler.path().getPatternString())
                .methods(RequestMethod.POST)
                .consumes(MediaType.APPLICATION_JSON_VALUE)
                .options(mapping.getBuilderConfiguration())
                .build();
        mapping.registerMapping(route, controller, method(methodName));
    }

    /** Spring would take whichever route is more special, or fail at the first call. */
    private void requireFree(Handler handler) {
        var path = handler.path().getPatternString();
        mapping.getHandlerMethods().forEach((route, taken) -> {
            var methods = route.getMethodsCondition().getMethods();
            if (route.getPatternValues().contains(path)
                    && (methods.isEmpty() || methods.contains(RequestMethod.POST))) {
                throw new StartRefusedException(
                        "The path " + path + " of a sync handler is also a route of " + taken.getShortLogMessage()
                                + ".",
                        "Give one of them another path.");
            }
        });
    }

    private static Method method(String name) {
        var method = ReflectionUtils.findMethod(SyncController.class, name, HttpServletRequest.class);
        if (method == null) {
            throw new IllegalStateException("no such method: " + name);
        }
        return method;
    }
}
