-- AlterTable
ALTER TABLE "Apply" ADD COLUMN "hostId" TEXT;
ALTER TABLE "Apply" ADD COLUMN "recovery" TEXT;

-- CreateTable
CREATE TABLE "SavedItem" (
    "hostId" TEXT NOT NULL,
    "itemId" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "clusters" TEXT NOT NULL,

    PRIMARY KEY ("hostId", "itemId"),
    CONSTRAINT "SavedItem_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Save" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "applyId" TEXT NOT NULL,
    "hostId" TEXT NOT NULL,
    "hostName" TEXT NOT NULL,
    "clusterId" TEXT,
    "kind" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "savedById" TEXT NOT NULL,
    "savedByName" TEXT NOT NULL,
    "files" TEXT NOT NULL,
    "enabled" TEXT NOT NULL,
    "items" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "SavedCheck" (
    "hostId" TEXT NOT NULL PRIMARY KEY,
    "readAt" DATETIME NOT NULL,
    "survival" TEXT,
    "counts" TEXT NOT NULL DEFAULT '{}',
    "changedAt" DATETIME,
    "changed" TEXT NOT NULL DEFAULT '[]',
    CONSTRAINT "SavedCheck_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Save_hostId_at_idx" ON "Save"("hostId", "at");

-- CreateIndex
CREATE INDEX "Save_applyId_idx" ON "Save"("applyId");

-- CreateIndex
CREATE INDEX "Apply_hostId_startedAt_idx" ON "Apply"("hostId", "startedAt");

