// SPDX-License-Identifier: Apache-2.0

/// `btd quickstart`: the main job, shown on real files in a few seconds. [Quickstart] is the story.
@NullMarked
package io.btd.cli.quickstart;

import org.jspecify.annotations.NullMarked;
