package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.server.PathContainer;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Makes a call that was kept, within another request and in the name of whoever made it first. The route judges it like any
 * other call; nothing goes over the wire.
 */
@Component
public class CallReplay {

    /** Marks a request that is one of these. */
    public static final String MARK = CallReplay.class.getName();

    private final Routes routes;
    private final Problems problems;
    private final ClientStanding clients;
    private final People people;
    private final Doorkeeper doorkeeper;
    private final SteadyClock clock;
    private final ObjectProvider<RequestMappingHandlerMapping> mapping;
    private final ObjectProvider<RequestMappingHandlerAdapter> adapter;

    /**
     * A call as it was made.
     *
     * @param target path and query
     * @param headers those that matter to the route, by their usual names
     */
    public record Call(String method, String target, Map<String, String> headers, byte[] body) {

        String path() {
            var query = target.indexOf('?');
            return query < 0 ? target : target.substring(0, query);
        }

        @Nullable
        String query() {
            var query = target.indexOf('?');
            return query < 0 ? null : target.substring(query + 1);
        }

        @Override
        public String toString() {
            return method + " " + path();
        }
    }

    /** What the route answered, a problem included. */
    public record Answer(int status, Map<String, String> headers, byte[] body) {

        @Override
        public String toString() {
            return "Answer " + status;
        }
    }

    // The handler mapping knows the interceptors that use this, so it is looked up when needed.
    CallReplay(
            Routes routes,
            Problems problems,
            ClientStanding clients,
            People people,
            Doorkeeper doorkeeper,
            SteadyClock clock,
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mapping,
            @Qualifier("requestMappingHandlerAdapter") ObjectProvider<RequestMappingHandlerAdapter> adapter) {
        this.routes = routes;
        this.problems = problems;
        this.clients = clients;
        this.people = people;
        this.doorkeeper = doorkeeper;
        this.clock = clock;
        this.mapping = mapping;
        this.adapter = adapter;
    }

    /** Who makes the request that this thread is answering. */
    public Optional<Caller> caller() {
        return RouteFilter.caller();
    }

    /** What somebody may do now, at most what the token of then allowed; empty when they are no more. */
    public Optional<Caller> today(String name, boolean isPerson, Set<Scope> then) {
        Optional<Caller> now = isPerson
                ? people.find(name).filter(User::canSignIn).map(this::person)
                : clients.find(name)
                        .map(client ->
                                Caller.machine(client.key(), client.system(), Scope.withIncluded(client.scopes())));
        return now.map(caller -> {
            var scopes = EnumSet.noneOf(Scope.class);
            scopes.addAll(then);
            scopes.retainAll(caller.scopes());
            return new Caller(caller.subject(), caller.system(), scopes, null, caller.person());
        });
    }

    /** A recent sign-in was asked for when the call was made first. */
    private Caller person(User user) {
        var person = new Person(user.key(), user.roles(), user.labels(), clock.now());
        return new Caller(user.key(), null, user.scopes(), null, person);
    }

    /** Whether the route of this call would let the caller in. */
    public boolean letsIn(String method, String target, Caller caller) {
        var path = PathContainer.parsePath(new Call(method, target, Map.of(), new byte[0]).path());
        var taking = Routes.taking(routes.at(path), method);
        return !taking.isEmpty() && taking.stream().allMatch(route -> doorkeeper.letsIn(route.access(), caller));
    }

    /** Makes the call in the name of {@code caller}, on this thread and in its transaction, if it has one. */
    public Answer make(Call call, Caller caller, HttpServletRequest within, HttpServletResponse answering) {
        var request = new ReplayedRequest(within, call, caller);
        var response = new KeptResponse(answering);
        var before = SecurityContextHolder.getContext();
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new CallerAuthentication(caller));
        SecurityContextHolder.setContext(context);
        try {
            if (!letsIn(call.method(), call.target(), caller)) {
                throw Problems.forbidden();
            }
            var chain = mapping.getObject().getHandler(request);
            if (chain == null) {
                throw Problems.noSuchPath();
            }
            for (var interceptor : chain.getInterceptorList()) {
                if (!interceptor.preHandle(request, response, chain.getHandler())) {
                    throw new IllegalStateException("an interceptor answered a replayed call: " + interceptor);
                }
            }
            adapter.getObject().handle(request, response, chain.getHandler());
            return response.answer();
        } catch (Exception e) {
            var problem = Problems.of(e);
            if (problem.status() >= 500) {
                problems.log(call.toString(), problem, e);
            }
            return new Answer(
                    problem.status(),
                    Map.of("Content-Type", "application/problem+json"),
                    problems.bytes(within, problem));
        } finally {
            SecurityContextHolder.setContext(before);
        }
    }
}
