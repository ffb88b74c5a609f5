namespace MiniPlane.Store.Snapshots;

/// <summary>
/// What a snapshot file looks like: a sequence of records, each one line of JSON (an array whose first entry names it), after some of
/// them as many bytes as the line says and a line feed. It is the same whatever keeps the store, and can be read with a pager.
/// <code>
/// ["miniplane-snapshot",1,REVISION,"TIME"]
/// ["object","pods","default","a",REVISION,LENGTH,CHECKSUM]     and the object's JSON; any number
/// ["end",REVISION,COUNT,DIGEST]                                what all objects add up to
/// ["file","pki/ca.key",MODE,LENGTH,CHECKSUM]                   and the file's content; any number
/// ["done",FILES]
/// </code>
/// The API server sends the part up to <c>end</c>, which alone is a snapshot too: of the objects, without the cluster's identity.
/// </summary>
internal static class SnapshotFormat
{
    public const int Version = 1;
    public const string Head = "miniplane-snapshot";
    public const string Object = "object";
    public const string End = "end";
    public const string File = "file";
    public const string Done = "done";
}
