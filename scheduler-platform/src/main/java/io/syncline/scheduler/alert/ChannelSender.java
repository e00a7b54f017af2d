package io.syncline.scheduler.alert;

import io.syncline.outbox.DeliveryResult;
import io.syncline.scheduler.catalog.Channel;

/** Brings one message over one channel; ends within 15 s and tells every trouble as its result. */
interface ChannelSender {

    DeliveryResult send(Channel channel, Notice notice);
}
