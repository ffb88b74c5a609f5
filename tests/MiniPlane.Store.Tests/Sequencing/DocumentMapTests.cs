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
    public void Differences_and_counts_agree_with_looking_at_everything()
    {
        var random = new Random(11);
        DocumentMap map = DocumentMap.Empty;
        DocumentMap earlier = map;
        for (int i = 0; i < 3000; i++)
        {
            var key = new ObjectKey($"ns{random.Next(3)}", $"n{random.Next(200)}");
            map = random.Next(3) > 0 ? map.Set(key, Named(key, i)) : map.Find(key) is null ? map : map.Remove(key);
            if (random.Next(10) == 0)
            {
                Assert.Equal(Differences(earlier, map), map.ChangesSince(earlier).Select(change => (change.Before, change.After)));
                earlier = random.Next(4) == 0 ? earlier : map;
            }

            ObjectKey? after = random.Next(3) == 0 ? null : key;
            string? ns = random.Next(2) == 0 ? null : $"ns{random.Next(4)}";
            Assert.Equal(map.Range(ns, after).Count(), map.CountOf(ns, after));
        }
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

    private static ObjectDocument Named(ObjectKey key, int revision) => new(
        System.Text.Encoding.UTF8.GetBytes($$"""{"metadata":{"namespace":"{{key.Namespace}}","name":"{{key.Name}}"} }"""), revision);

    private static List<(ObjectDocument? Before, ObjectDocument? After)> Differences(DocumentMap before, DocumentMap after)
    {
        var old = before.Range(null, null).ToDictionary(document => document.Key);
        var now = after.Range(null, null).ToDictionary(document => document.Key);
        return
        [
            .. old.Keys.Union(now.Keys)
                .Order(Comparer<ObjectKey>.Create((left, right) => DocumentMap.Compare(left, right)))
                .Select(key => (old.GetValueOrDefault(key), now.GetValueOrDefault(key)))
                .Where(pair => !ReferenceEquals(pair.Item1, pair.Item2)),
        ];
    }
}
