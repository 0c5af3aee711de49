// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

/// A place in the code that writes lines back or fences, by number. Each package that persists something
/// lists its sites in one enum; the crash explorer switches them off one at a time and must notice.
public interface PersistSite {

    /// The site's number, unique in the program and stable.
    int number();

    /// The site's name; an enum gives it.
    String name();

    /// What would be lost without it, in a few words.
    String protects();
}
