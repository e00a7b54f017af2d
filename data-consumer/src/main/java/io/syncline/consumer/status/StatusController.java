package io.syncline.consumer.status;

import io.swagger.v3.oas.annotations.Operation;
import io.syncline.consumer.sync.CopyStatus;
import io.syncline.consumer.users.ViewStatus;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /status}: how far the copies and the view are; no row of any. */
@RestController
class StatusController {

    private final CopyStatus copies;
    private final ViewStatus view;

    StatusController(CopyStatus copies, ViewStatus view) {
        this.copies = copies;
        this.view = view;
    }

    record Status(List<CopyStatus.Copy> copies, ViewStatus.View userView) {}

    @Operation(
            summary = "How far the copies of datasets and the user view are",
            description = "What a check would say of the view's freshness is among it. No row of any dataset is in it.")
    @GetMapping(path = "/status", produces = MediaType.APPLICATION_JSON_VALUE)
    Status status() {
        return new Status(copies.all(), view.view());
    }
}
