/** Real processes under faults drawn from a seed, and the judgement of what they did. */
package io.syncline.systemtests.prove;
