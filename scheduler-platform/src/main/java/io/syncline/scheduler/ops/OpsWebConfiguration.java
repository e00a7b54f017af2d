package io.syncline.scheduler.ops;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class OpsWebConfiguration implements WebMvcConfigurer {

    private final FirstAnswerInterceptor firstAnswers;
    private final ApprovalInterceptor approvals;

    OpsWebConfiguration(FirstAnswerInterceptor firstAnswers, ApprovalInterceptor approvals) {
        this.firstAnswers = firstAnswers;
        this.approvals = approvals;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        // After whatever decides who is let in; what waits for approval has no answer of its own yet.
        registry.addInterceptor(approvals).order(Ordered.LOWEST_PRECEDENCE - 1);
        registry.addInterceptor(firstAnswers).order(Ordered.LOWEST_PRECEDENCE);
    }

    @Bean
    static OpenAPI openApi() {
        return new OpenAPI()
                .info(
                        new Info()
                                .title("Syncline scheduler platform")
                                .version("v1")
                                .description(
                                        "Trigger messages in, runs of task groups out: intake, callbacks, configuration, operation."))
                .components(new Components()
                        .addSecuritySchemes(
                                "token",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("An access token of POST /oauth2/token")))
                .addSecurityItem(new SecurityRequirement().addList("token"));
    }
}
