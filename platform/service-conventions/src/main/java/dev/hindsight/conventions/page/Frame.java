package dev.hindsight.conventions.page;

import org.jspecify.annotations.Nullable;

/**
 * What every page shows around what it is about.
 *
 * @param home URL of the front page
 * @param stylesheet path, with a version so that a browser may keep it
 * @param person who is signed in; null for nobody
 */
public record Frame(
        String home, String stylesheet, @Nullable Person person) {

    /**
     * Who is signed in.
     *
     * @param name what people call them
     * @param role the highest that they have; "no role" for none
     */
    public record Person(String name, String role) {}
}
