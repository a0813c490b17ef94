package dev.hindsight.incident.domain;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Which services an incident affects: those that the declaration or a tool named last, and above them what people said of
 * each service. A name is the same in whatever case it is written, as in the catalog.
 *
 * @param named by the declaration or a tool; null while none did
 * @param said by people, by the name in lower case
 */
public record AffectedServices(@Nullable Latest<List<String>> named, PMap<String, Latest<Said>> said) {

    public static final AffectedServices NONE = new AffectedServices(null, HashTreePMap.empty());

    /** Whether somebody said that the service of that name is affected, or that it is not. */
    public record Said(String name, boolean isAffected) {}

    /** Those that were named, without those that people removed, and then what people added, in the order of time. */
    public List<String> now() {
        if (said.isEmpty()) {
            return named == null ? List.of() : named.value();
        }
        Map<String, String> now = new LinkedHashMap<>();
        if (named != null) {
            named.value().forEach(name -> now.putIfAbsent(key(name), name));
        }
        said.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Latest.byTime()))
                .forEach(word -> {
                    if (word.getValue().value().isAffected()) {
                        now.putIfAbsent(word.getKey(), word.getValue().value().name());
                    } else {
                        now.remove(word.getKey());
                    }
                });
        return List.copyOf(now.values());
    }

    /** What is not affected yet, of these. */
    List<String> missing(Collection<String> names) {
        List<String> now = now();
        return names.stream().filter(name -> !has(now, name)).toList();
    }

    /** What is affected, of these. */
    List<String> present(Collection<String> names) {
        List<String> now = now();
        return names.stream().filter(name -> has(now, name)).toList();
    }

    AffectedServices named(Latest<List<String>> names) {
        return new AffectedServices(Latest.of(named, names), said);
    }

    AffectedServices said(Latest<Said> word) {
        String key = key(word.value().name());
        return new AffectedServices(named, said.plus(key, Latest.of(said.get(key), word)));
    }

    private static boolean has(List<String> names, String name) {
        return names.stream().anyMatch(known -> key(known).equals(key(name)));
    }

    private static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
