package com.example.prices.upstream;

import java.time.LocalDate;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Takes lists from people and scripts, gives them to whoever may read data. */
@RestController
class PricesController {

    private final PriceLists lists;

    PricesController(PriceLists lists) {
        this.lists = lists;
    }

    @PutMapping(path = "/prices/{day}", consumes = MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<Void> publish(@PathVariable LocalDate day, @RequestBody String csv) {
        try {
            var list = lists.publish(day.toString(), csv);
            return ResponseEntity.accepted()
                    .eTag(Integer.toString(list.version()))
                    .build();
        } catch (IllegalArgumentException badLine) {
            throw new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT, badLine.getMessage(), badLine);
        }
    }

    @GetMapping(path = "/prices/{day}", produces = MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<String> list(@PathVariable LocalDate day) {
        return lists.find(day.toString())
                .map(list -> ResponseEntity.ok()
                        .eTag(Integer.toString(list.version()))
                        .header("Repr-Digest", list.digest())
                        .body(list.csv()))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
