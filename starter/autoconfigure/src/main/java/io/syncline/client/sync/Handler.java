package io.syncline.client.sync;

import io.syncline.client.SyncResult;
import io.syncline.client.SyncWork;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** A method that does the work of one sync path, or that is told of its cancel. */
record Handler(PathPattern path, Object bean, Method method) {

    static Handler of(String path, Object bean, Method method) {
        return new Handler(PathPatternParser.defaultInstance.parse(path), bean, method);
    }

    SyncResult handle(SyncWork work) throws Exception {
        return invoke(work) instanceof SyncResult result
                ? result
                : SyncResult.failed("the handler gave no result", false);
    }

    void cancel(SyncWork work) throws Exception {
        invoke(work);
    }

    private Object invoke(SyncWork work) throws Exception {
        try {
            var result = method.invoke(bean, work);
            return result == null ? "nothing" : result;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
