package io.syncline.systemtests.docs;

import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A page of the documentation, and its code blocks with what the comment above each says about it. */
record Page(List<Block> blocks) {

    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- ([^>]*) -->\n)?```(\\w+)\n(.*?)```\n", Pattern.DOTALL);

    /** @param mark such as {@code file: pom.xml}, {@code run} or {@code build}; empty when nothing is said */
    record Block(String mark, String language, String text) {

        boolean isFile() {
            return mark.startsWith("file: ");
        }

        /** The path of a block that shows a whole file. */
        String file() {
            return mark.substring("file: ".length());
        }
    }

    static Page read(String name) {
        try {
            var text = Files.readString(Project.root().resolve("docs").resolve(name));
            var blocks = new ArrayList<Block>();
            var matcher = BLOCK.matcher(text);
            while (matcher.find()) {
                var mark = matcher.group(1) == null ? "" : matcher.group(1);
                blocks.add(new Block(mark, matcher.group(2), matcher.group(3)));
            }
            return new Page(List.copyOf(blocks));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Block> files() {
        return blocks.stream().filter(Block::isFile).toList();
    }
}
