namespace MiniPlane.Objects.Documents;

/// <summary>
/// Bounds the memory of typed views: a view is as large as its object, and most objects are looked at when they change and then
/// rest. The documents viewed first since longest lose theirs. Safe for threads; a view that is in use lives on with its user.
/// </summary>
internal static class RecentViews
{
    private const int Most = 4096;

    private static readonly ObjectDocument?[] Ring = new ObjectDocument?[Most];
    private static uint _next;

    public static void Add(ObjectDocument document)
    {
        uint place = (Interlocked.Increment(ref _next) - 1) % Most;
        Interlocked.Exchange(ref Ring[place], document)?.DropViews();
    }
}
