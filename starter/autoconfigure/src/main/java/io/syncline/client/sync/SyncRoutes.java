package io.syncline.client.sync;

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
        var route = RequestMappingInfo.paths(handler.path().getPatternString())
                .methods(RequestMethod.POST)
                .consumes(MediaType.APPLICATION_JSON_VALUE)
                .options(mapping.getBuilderConfiguration())
                .build();
        mapping.registerMapping(route, controller, method(methodName));
    }

    private static Method method(String name) {
        var method = ReflectionUtils.findMethod(SyncController.class, name, HttpServletRequest.class);
        if (method == null) {
            throw new IllegalStateException("no such method: " + name);
        }
        return method;
    }
}
