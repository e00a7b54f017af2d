package io.syncline.portal.signin;

import io.syncline.portal.platform.Person;
import io.syncline.portal.platform.SessionEndedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Who is signed in, on every page; and the way out when the platform says that they are no more. */
@ControllerAdvice
class PersonOnPages {

    private final TargetPages targets;

    PersonOnPages(TargetPages targets) {
        this.targets = targets;
    }

    @ModelAttribute("person")
    @Nullable
    Person person() {
        return PersonOfRequest.now().map(session -> session.person()).orElse(null);
    }

    @ExceptionHandler(SessionEndedException.class)
    @Nullable
    String ended(HttpServletRequest request, HttpServletResponse response) {
        try {
            new SecurityContextLogoutHandler()
                    .logout(
                            request,
                            response,
                            SecurityContextHolder.getContext().getAuthentication());
        } catch (IllegalStateException already) {
            // Another request of the session came here first.
            SecurityContextHolder.clearContext();
        }
        if (LiveRequests.is(request)) {
            response.setStatus(HttpStatus.UNAUTHORIZED.value());
            return null;
        }
        targets.saveRequest(request, response);
        return "redirect:/sign-in?ended=true";
    }
}
