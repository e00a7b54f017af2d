package io.syncline.client.security;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/** Open routes for all, sync paths for the platform, declared routes for their scope, everything else for nobody. */
final class RouteGuard implements AuthorizationManager<RequestAuthorizationContext> {

    private static final AuthorizationDecision YES = new AuthorizationDecision(true);
    private static final AuthorizationDecision NO = new AuthorizationDecision(false);

    private final Routes routes;
    private final DeclaredRoutes declared;

    RouteGuard(Routes routes, DeclaredRoutes declared) {
        this.routes = routes;
        this.declared = declared;
    }

    @Override
    public AuthorizationResult authorize(
            Supplier<? extends @Nullable Authentication> authentication, RequestAuthorizationContext context) {
        var request = context.getRequest();
        boolean sync = routes.isSync(request);
        // A pattern for others that is too wide does not open a sync path.
        if (!sync && routes.isOpen(request)) {
            return YES;
        }
        if (!(authentication.get() instanceof TokenAuthentication caller)) {
            return NO;
        }
        if (sync) {
            // The audience was checked with the token.
            return YES;
        }
        if (routes.scope(request).filter(caller.token()::allows).isPresent()) {
            return YES;
        }
        // Where nothing is behind it, the answer is 404 or 405. Looked up last, since most callers may do what they ask
        // for.
        return declared.has(request) ? NO : YES;
    }
}
