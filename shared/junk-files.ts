/**
 * Names, in lower case, of what systems, file servers and editors leave beside photos, and no photo
 * of anybody's: thumbnails that would be copies of other photos, recycle bins, settings.
 */
const junkNames: ReadonlySet<string> = new Set([
  // macOS
  ...[".ds_store", ".appledouble", ".appledb", ".appledesktop", ".localized", ".trashes", ".fseventsd"],
  ...[".spotlight-v100", ".temporaryitems", ".documentrevisions-v100", ".volumeicon.icns", "__macosx"],
  ...["icon\r", "network trash folder", "temporary items", "thevolumesettingsfolder"],
  // Windows
  ...["thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "$recycle.bin"],
  ...["system volume information"],
  // Linux, and its desktops
  ...["lost+found", ".directory", ".thumbnails", ".dtrash", ".nfs"],
  // file servers: Synology, QNAP, others with Samba or AFP
  ...["@eadir", "#recycle", "#snapshot", "@tmp", "@recycle", "@recently-snapshot", "@__thumb"],
  ...[".@__thumb", ".@upload_cache", ".qsync", "synoindex_media_info", ".snapshot", ".zfs"],
  // programs that show or edit photos
  ...["picasa.ini", ".picasa.ini", ".picasaoriginals", "zbthumbnail.info", "pspbrwse.jbf", "_thumb"],
  ...["_thumbs", "_vti_cnf"],
  // programs that copy, share or keep versions
  ...[".git", ".gitattributes", ".gitignore", ".gitkeep", ".svn", ".hg", ".dvc", ".dropbox"],
  ...[".dropbox.cache", ".stfolder", ".stversions", ".sync", ".ipynb_checkpoints", "__pycache__"],
]);

/** The same for names of which only a part is fixed. */
const junkPatterns: readonly RegExp[] = [
  /^\._/, // macOS's second half of a file, on a disk that has no room for it in the file
  /^\.trash-\d+$/i, // a Linux desktop's recycle bin
  /^\.nfs[0-9a-f]{16,}$/i, // a file that was deleted while it was open
  /^\.fuse_hidden/,
  /^found\.\d{3}$/i, // what Windows' chkdsk saved
  /^syno(?:photo|file|video)_thumb_/i, // Synology's thumbnails, within @eaDir
  /@syno(?:eastream|resource)$/i,
  /^~\$/, // Office's lock beside an open document
  /^thumbs\.db:/i,
];

/**
 * Whether a file or folder is what a system, a file server or an editor left there, by its name. A
 * name that starts with a dot is hidden, which is another matter: only some of those are in here.
 */
export function isJunkName(name: string): boolean {
  return junkNames.has(name.toLowerCase()) || junkPatterns.some((pattern) => pattern.test(name));
}
