using MiniPlane.Objects.Documents;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Tests.Sequencing;

public sealed class DocumentMapTests
{
    private static readonly ObjectDocument Document = new("{}"u8.ToArray(), 1);

    [Fact]
    public void It_agrees_with_a_sorted_dictionary_over_random_changes()
    {
        var random = new Random(7);
        var model = new SortedDictionary<ObjectKey, ObjectDocument>(
            Comparer<ObjectKey>.Create((a, b) => DocumentMap.Compare(a, b)));
        DocumentMap map = DocumentMap.Empty;

        for (int i = 0; i < 5000; i++)
        {
            var key = new ObjectKey($"ns{random.Next(4)}", $"n{random.Next(300)}");
            var document = new ObjectDocument("{}"u8.ToArray(), i);
            if (random.Next(3) > 0)
            {
                model[key] = document;
                map = map.Set(key, document);
            }
            else if (model.Remove(key))
            {
                map = map.Remove(key);
            }

            Assert.Equal(model.GetValueOrDefault(key), map.Find(key));
        }

        Assert.Equal(model.Count, map.Count);
        Assert.Equal(model.Values, map.Range(null, null));
        Assert.Equal(model.Where(pair => pair.Key.Namespace == "ns2").Select(pair => pair.Value), map.Range("ns2", null));
    }

    [Fact]
    public void Sorted_insertion_stays_shallow_enough_to_be_quick()
    {
        DocumentMap map = DocumentMap.Empty;
        for (int i = 0; i < 20_000; i++)
        {
            map = map.Set(new ObjectKey("ns", $"{i:D6}"), Document);
        }

        Assert.Equal(20_000, map.Count);
        Assert.InRange(map.Height, 15, 20);
    }

    [Fact]
    public void A_page_starts_after_a_key_that_was_deleted_meanwhile()
    {
        List<KeyValuePair<ObjectKey, ObjectDocument>> entries =
        [
            .. Enumerable.Range(0, 10).Select(i => KeyValuePair.Create(
                new ObjectKey("ns", $"n{i}"), new ObjectDocument("{}"u8.ToArray(), i))),
        ];
        DocumentMap map = DocumentMap.FromSorted(entries).Remove(new ObjectKey("ns", "n4"));

        IEnumerable<long> page = map.Range("ns", new ObjectKey("ns", "n4")).Select(document => document.Revision);

        Assert.Equal([5L, 6, 7, 8, 9], page);
    }
}
