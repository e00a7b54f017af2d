package io.syncline.planted.run;

import io.jsonwebtoken.Jwts;

class Signs {
    Object parser() {
        return Jwts.parser();
    }
}
