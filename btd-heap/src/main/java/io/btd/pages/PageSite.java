// SPDX-License-Identifier: Apache-2.0
package io.btd.pages;

import io.btd.pmem.PersistSite;

/// Where page state is persisted.
public enum PageSite implements PersistSite {
    /// The bits of a run, before anything describes what the run is for.
    ALLOCATE(201, "page bits cover every run head that recovery must find");

    private final int number;
    private final String protects;

    PageSite(int number, String protects) {
        this.number = number;
        this.protects = protects;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String protects() {
        return protects;
    }
}
