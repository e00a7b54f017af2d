package io.syncline.portal.data;

import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.CurrentPerson;
import io.syncline.portal.platform.DataServices;
import io.syncline.portal.platform.DataServices.Service;
import io.syncline.portal.platform.Person;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Which data sets there are, how far who reads them is behind, and which extracts exist. */
@Controller
class DataController {

    private static final String READ = "runs:read";
    private static final String ALL_LABELS = "*";
    private static final int EXTRACTS = 20;

    private final DataServices services;
    private final Platform platform;
    private final CurrentPerson people;
    private final AsyncTaskExecutor beside;

    DataController(
            DataServices services,
            Platform platform,
            CurrentPerson people,
            @Qualifier("applicationTaskExecutor") AsyncTaskExecutor beside) {
        this.services = services;
        this.platform = platform;
        this.people = people;
        this.beside = beside;
    }

    @GetMapping("/data")
    String data(
            @RequestParam(required = false) @Nullable String set,
            @RequestParam(required = false) @Nullable String cursor,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        var person = people.session().person();
        if (!mayLook(person)) {
            return notAllowed(response);
        }
        addresses(model);
        if (services.address(Service.PROVIDER).isEmpty()
                && services.address(Service.CONSUMER).isEmpty()) {
            return "data-unset";
        }
        var provider = besides(Service.PROVIDER, ApiCall.get("/status"), ProviderStatus.class);
        var consumer = besides(Service.CONSUMER, ApiCall.get("/status"), ConsumerStatus.class);
        var extracts = besides(
                Service.PROVIDER,
                ApiCall.get("/extracts")
                        .query("dataset", set)
                        .query("cursor", cursor)
                        .query("limit", EXTRACTS),
                ExtractAnswer.Part.class);
        var groups = ReadingGroups.of(platform, person);
        model.addAttribute("groupsAreAll", groups.areAll());
        show(provider.join(), consumer.join(), groups, moments, model);
        show(extracts.join(), set, cursor, moments, model);
        return "data";
    }

    private void show(
            Asked<ProviderStatus> provider,
            Asked<ConsumerStatus> consumer,
            ReadingGroups groups,
            Moments moments,
            Model model) {
        var status = provider.answer();
        var held = consumer.answer();
        model.addAttribute("providerTrouble", provider.trouble());
        model.addAttribute("consumerTrouble", consumer.trouble());
        model.addAttribute(
                "sets",
                status == null
                        ? List.of()
                        : status.datasets().stream()
                                .map(set -> SetRow.of(set, status, held, groups, moments))
                                .toList());
        model.addAttribute(
                "subscriptions",
                status == null
                        ? List.of()
                        : status.subscriptions().items().stream()
                                .map(one -> PushRow.of(
                                        one, services.address(Service.PROVIDER).orElseThrow(), moments))
                                .toList());
        model.addAttribute(
                "subscriptionsAreAll", status == null || status.subscriptions().areAll());
        model.addAttribute(
                "countsAreExact", status == null || status.subscriptions().countsAreExact());
        var capture = status == null ? null : status.capture();
        model.addAttribute("capture", capture == null ? null : CapturePart.of(capture));
        model.addAttribute(
                "copies",
                held == null
                        ? List.of()
                        : held.copies().stream()
                                .map(copy -> CopyRow.of(copy, status, groups, moments))
                                .toList());
        model.addAttribute("view", held == null ? null : ViewPart.of(held.userView(), status, groups, moments));
    }

    private static void show(
            Asked<ExtractAnswer.Part> extracts,
            @Nullable String set,
            @Nullable String cursor,
            Moments moments,
            Model model) {
        model.addAttribute("extractTrouble", extracts.trouble());
        model.addAttribute(
                "extracts",
                extracts.map(part -> part.items().stream()
                                .map(one -> ExtractRow.of(one, moments))
                                .toList())
                        .orElse(List.of()));
        var answer = extracts.answer();
        model.addAttribute("nextCursor", answer == null ? null : answer.nextCursor());
        model.addAttribute("chosenSet", set == null || set.isBlank() ? null : set);
        model.addAttribute("isFirstPage", cursor == null || cursor.isBlank());
    }

    @GetMapping("/data/extracts/{id}")
    String extract(@PathVariable String id, Moments moments, Model model, HttpServletResponse response) {
        if (!mayLook(people.session().person())) {
            return notAllowed(response);
        }
        addresses(model);
        var asked = ask(Service.PROVIDER, ApiCall.get("/extracts/{id}", id), ExtractAnswer.Detail.class);
        var trouble = asked.trouble();
        model.addAttribute("trouble", trouble);
        model.addAttribute("id", id);
        if (trouble != null) {
            response.setStatus(
                    trouble.kind() == PlatformException.Kind.UNKNOWN
                            ? HttpStatus.NOT_FOUND.value()
                            : HttpStatus.SERVICE_UNAVAILABLE.value());
        }
        asked.map(detail -> model.addAttribute("extract", ExtractRow.of(detail.extract(), moments))
                .addAttribute(
                        "files",
                        detail.files().stream()
                                .map(file -> FileRow.of(
                                        file,
                                        detail.extract(),
                                        services.address(Service.PROVIDER).orElseThrow()))
                                .toList())
                .addAttribute("filesAreAll", detail.filesAreAll()));
        return "data-extract";
    }

    /** Data belong to no group: as the metrics, they are for those who reach all. */
    private static boolean mayLook(Person person) {
        return person.may(READ) && person.labels().contains(ALL_LABELS);
    }

    private static String notAllowed(HttpServletResponse response) {
        response.setStatus(HttpStatus.FORBIDDEN.value());
        return "data-forbidden";
    }

    private void addresses(Model model) {
        var provider = services.address(Service.PROVIDER);
        model.addAttribute("setUp", Samples.SET_UP);
        model.addAttribute("hasProvider", provider.isPresent());
        model.addAttribute("hasConsumer", services.address(Service.CONSUMER).isPresent());
        provider.ifPresent(address -> model.addAttribute("lookupSample", Samples.lookup(address))
                .addAttribute("extractSample", Samples.extract(address))
                .addAttribute("subscriptionSample", Samples.subscription(address)));
        services.address(Service.CONSUMER)
                .ifPresent(address -> model.addAttribute("rebuildSample", Samples.rebuild(address)));
    }

    /** Beside the other questions of the page, so that it waits for the slowest alone. */
    private <T> CompletableFuture<Asked<T>> besides(Service service, ApiCall call, Class<T> type) {
        Supplier<Asked<T>> question = () -> ask(service, call, type);
        return CompletableFuture.supplyAsync(question, beside);
    }

    private <T> Asked<T> ask(Service service, ApiCall call, Class<T> type) {
        return services.address(service).isEmpty()
                ? Asked.nobody()
                : Asked.of(service, () -> services.ask(service, call, type));
    }

    /**
     * A file of an extract.
     *
     * @param download call that fetches it
     */
    record FileRow(String name, String rows, String size, String sha256, String download) {

        static FileRow of(ExtractAnswer.File file, ExtractAnswer.Extract extract, URI provider) {
            return new FileRow(
                    file.name(),
                    Numbers.grouped(file.rows()),
                    Sizes.bytes(file.bytes()),
                    file.sha256(),
                    Samples.download(provider, extract.dataset(), extract.extractId(), file.name()));
        }
    }
}
