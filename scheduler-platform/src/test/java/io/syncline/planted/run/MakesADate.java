package io.syncline.planted.run;

import java.util.Date;

class MakesADate {
    Date due() {
        return new Date();
    }
}
