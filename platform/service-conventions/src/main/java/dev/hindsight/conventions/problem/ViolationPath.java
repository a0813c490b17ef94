package dev.hindsight.conventions.problem;

import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The field of the JSON body, or the name of the parameter, that a bean-validation path means. */
final class ViolationPath {

    private ViolationPath() {}

    /** Null where the return value is to blame, which is not the client's fault; empty for the whole body. */
    static @Nullable String of(Path path) {
        List<Path.Node> nodes = new ArrayList<>();
        path.forEach(nodes::add);
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < nodes.size(); i++) {
            Path.Node node = nodes.get(i);
            ElementKind kind = node.getKind();
            if (kind == ElementKind.RETURN_VALUE) {
                return null;
            }
            boolean last = i == nodes.size() - 1;
            boolean named =
                    switch (kind) {
                        case METHOD, CONSTRUCTOR, BEAN, CONTAINER_ELEMENT -> false;
                        // A body or bean parameter is followed by its fields, and has no name that a client knows.
                        case PARAMETER -> last;
                        default -> true;
                    };
            if (node.isInIterable() && node.getIndex() != null) {
                field.append('[').append(node.getIndex()).append(']');
            } else if (node.isInIterable() && node.getKey() != null) {
                field.append('.').append(node.getKey());
            }
            if (named && node.getName() != null) {
                field.append(field.isEmpty() ? "" : ".").append(node.getName());
            }
        }
        return field.toString();
    }
}
