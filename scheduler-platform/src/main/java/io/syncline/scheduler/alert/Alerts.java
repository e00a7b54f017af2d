package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.Page;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.Expiring;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The incidents as operators see them and take them up. */
@Service
public class Alerts implements Expiring {

    private static final int MOST_MEMBERS = 200;
    private static final int MOST_GROUPS = 20;

    private final JdbcIncidents incidents;
    private final JdbcSilences silences;
    private final Messages messages;
    private final DatabaseClock clock;
    private final AlertProperties properties;

    Alerts(
            JdbcIncidents incidents,
            JdbcSilences silences,
            Messages messages,
            DatabaseClock clock,
            AlertProperties properties) {
        this.incidents = incidents;
        this.silences = silences;
        this.messages = messages;
        this.clock = clock;
        this.properties = properties;
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    public Page<IncidentView> list(IncidentFilter filter, PageRequest page, Labels labels) {
        var list = "alerts " + filter;
        var rows = incidents.page(filter, page.last(list), page.limit() + 1, labels);
        var cut = Page.cut(rows, page.limit(), incident -> PageRequest.cursor(list, incident.id()));
        var now = clock.now();
        var standing = silences.standing(now);
        var dead = incidents.deadMessages(cut.items().stream().map(Incident::id).toList()).stream()
                .collect(Collectors.groupingBy(Messages.Dead::incidentId));
        return new Page<>(
                cut.items().stream()
                        .map(incident -> view(
                                incident, standing, now, labels, false, dead.getOrDefault(incident.id(), List.of())))
                        .toList(),
                cut.nextCursor());
    }

    /** What was told over a channel, newest first; of incidents within reach. */
    @Transactional(readOnly = true)
    public Page<ChannelDelivery> deliveries(String channel, PageRequest page, Labels labels) {
        var list = "deliveries of " + channel;
        return Page.cut(
                incidents.messagesOver(channel, page.last(list), page.limit() + 1, labels),
                page.limit(),
                delivery -> PageRequest.cursor(list, delivery.messageId()));
    }

    /** How many incidents of some conditions nobody has taken up, counted no further than {@code most}. */
    @Transactional(readOnly = true)
    public int open(Set<AlertCondition> conditions, Labels labels, int most) {
        return conditions.isEmpty() ? 0 : incidents.open(conditions, labels, most);
    }

    /** @throws ProblemException 404 */
    @Transactional(readOnly = true)
    public IncidentView get(String id, Labels labels) {
        var incident = incidents.find(id, labels).orElseThrow(() -> unknown(id));
        var now = clock.now();
        return view(incident, silences.standing(now), now, labels);
    }

    /**
     * Takes an incident up: nobody is told more of it but its end.
     *
     * @throws ProblemException 404, or 409 when it is not open
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public IncidentView acknowledge(String id, String by, String reason, boolean dryRun, Labels labels) {
        var incident = locked(id, labels);
        var now = clock.now();
        if (!incident.acknowledge(by, reason, now)) {
            throw illegal(incident, "The alert is " + incident.state() + "; only an OPEN one can be acknowledged.");
        }
        if (!dryRun) {
            incidents.update(incident);
            incidents.event(id, "ACKNOWLEDGED", by, reason, now);
            messages.write(
                    incident.toldChannels().stream()
                            .map(channel -> new Messages.Order(incident, MessageKind.ACKNOWLEDGE, channel))
                            .toList(),
                    now);
        }
        return view(incident, silences.standing(now), now, labels);
    }

    /**
     * Sends once more, to each channel whose last message was given up, that message: what stands by then.
     *
     * @throws ProblemException 404, or 409 when there is no such channel
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public ResendView resend(String id, String by, String reason, boolean dryRun, Labels labels) {
        var incident = locked(id, labels);
        var dead = resendable(incident, incidents.deadMessages(List.of(id)));
        if (dead.isEmpty()) {
            throw illegal(
                    incident,
                    "Of no channel the last message was given up"
                            + (incident.state() == Incident.State.CLOSED ? ", or it tells of what is over." : "."));
        }
        var now = clock.now();
        var sent = dryRun
                ? dead
                : List.copyOf(messages.resend(Map.of(id, incident), dead, now).values());
        if (!dryRun) {
            incidents.event(id, "RESENT", by, reason, now);
        }
        return new ResendView(
                id,
                dryRun,
                sent.stream()
                        .map(message -> new ResendView.Resent(
                                message.messageId(),
                                message.channel(),
                                message.kind().name()))
                        .toList());
    }

    private Incident locked(String id, Labels labels) {
        if (incidents.find(id, labels).isEmpty()) {
            throw unknown(id);
        }
        var incident = incidents.lock(List.of(id)).get(id);
        if (incident == null) {
            throw unknown(id);
        }
        return incident;
    }

    private ProblemException illegal(Incident incident, String why) {
        return ProblemException.of(409, "illegal-action", "The action is not legal now")
                .detail(why)
                .member("currentState", incident.state().name())
                .member("allowedActions", allowedActions(incident, incidents.deadMessages(List.of(incident.id()))));
    }

    private static List<String> allowedActions(Incident incident, List<Messages.Dead> dead) {
        var allowed = new ArrayList<String>();
        if (incident.state() == Incident.State.OPEN) {
            allowed.add("acknowledge");
        }
        if (!resendable(incident, dead).isEmpty()) {
            allowed.add("resend");
        }
        return allowed;
    }

    /** Of what is over, its end alone: anything else would open it again at the receiver, and nothing would close it. */
    static boolean isWorthSending(MessageKind kind, Incident.State state) {
        return state != Incident.State.CLOSED || kind == MessageKind.RESOLVE;
    }

    private static List<Messages.Dead> resendable(Incident incident, List<Messages.Dead> dead) {
        return dead.stream()
                .filter(message -> isWorthSending(message.kind(), incident.state()))
                .toList();
    }

    /** Removes incidents that closed long ago. */
    @Override
    @Transactional
    public void purge() {
        incidents.purge(clock.now().minus(properties.keepClosed()));
    }

    private IncidentView view(Incident incident, List<Silence> standing, Instant now, Labels labels) {
        return view(incident, standing, now, labels, true, incidents.deadMessages(List.of(incident.id())));
    }

    private IncidentView view(
            Incident incident,
            List<Silence> standing,
            Instant now,
            Labels labels,
            boolean whole,
            List<Messages.Dead> dead) {
        var members = incidents.members(incident.id(), whole ? MOST_MEMBERS : 1, labels);
        var groups = incidents.groups(incident.id(), MOST_GROUPS);
        var subject = members.isEmpty() ? null : members.get(0).subject();
        var channels = new LinkedHashSet<String>();
        incident.routes().forEach(route -> {
            channels.addAll(route.channels());
            if (route.escalatedAt() != null) {
                channels.addAll(route.escalateTo());
            }
        });
        return new IncidentView(
                incident.id(),
                incident.state().name(),
                incident.condition().name(),
                Titles.of(incident, subject),
                incident.system(),
                incident.cause(),
                incident.labels(),
                incident.memberCount(),
                incident.standingCount(),
                incident.groupCount(),
                groups,
                List.copyOf(channels),
                incident.openedAt(),
                incident.lastSignalAt(),
                acknowledgement(incident),
                incident.closedAt(),
                incident.closedAt() != null ? null : Incidents.silencedUntil(incident, groups, standing, now),
                allowedActions(incident, dead),
                whole ? members.stream().map(Alerts::member).toList() : null,
                whole ? incidents.messages(incident.id()) : null,
                whole ? incidents.events(incident.id()) : null);
    }

    private static IncidentView.@Nullable Acknowledgement acknowledgement(Incident incident) {
        var at = incident.acknowledgedAt();
        var by = incident.acknowledgedBy();
        var why = incident.acknowledgedWhy();
        return at == null || by == null || why == null ? null : new IncidentView.Acknowledgement(at, by, why);
    }

    private static IncidentView.MemberView member(Member member) {
        return new IncidentView.MemberView(
                member.subject(),
                member.group(),
                member.system(),
                member.runId(),
                member.taskRunId(),
                member.detail(),
                member.since(),
                member.curedAt());
    }

    private static ProblemException unknown(String id) {
        return ProblemException.of(404, "not-found", "Not found").detail("There is no alert " + id + ".");
    }
}
