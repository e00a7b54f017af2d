package io.syncline.planted.run;

import org.springframework.http.ResponseEntity;

class AnswersHttp {
    ResponseEntity<String> answer() {
        return ResponseEntity.ok("done");
    }
}
