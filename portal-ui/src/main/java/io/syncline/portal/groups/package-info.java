/**
 * The pages of task groups: what there is, what one of them does, its versions, and the editor in which people change it,
 * as a form and as YAML. Whether a definition is valid is the platform's to say; this room only shows where.
 */
@NullMarked
package io.syncline.portal.groups;

import org.jspecify.annotations.NullMarked;
