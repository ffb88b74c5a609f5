using LiteDB;
using MiniPlane.Store.Integrity;

namespace MiniPlane.Store.LiteDb;

/// <summary>What the file says of itself as a whole; written with every batch.</summary>
internal sealed record LiteDbMark
{
    /// <summary>Which layout of the file this program understands.</summary>
    public const long Schema = 1;

    public static readonly LiteDbMark OfNew = new() { Revision = 1, Digest = default };

    public required long Revision { get; init; }

    public required StoreDigest Digest { get; init; }

    public static LiteDbMark From(BsonDocument? document) =>
        document is not null && document["revision"].IsInt64 && document["count"].IsInt64 && document["digest"].IsInt64
            ? new LiteDbMark
            {
                Revision = document["revision"].AsInt64,
                Digest = new StoreDigest(document["count"].AsInt64, document["digest"].AsInt64),
            }
            : throw new DamagedDataException("it does not say what it should hold, so it is damaged or not a MiniPlane data file.");

    public BsonDocument ToBson() => new()
    {
        ["_id"] = 1,
        ["schema"] = Schema,
        ["revision"] = Revision,
        ["count"] = Digest.Count,
        ["digest"] = Digest.Sum,
    };
}
