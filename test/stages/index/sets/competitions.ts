import { classPhotos, each, photos, rows, turn, type WellKnownSet } from "./well-known-set.ts";

const cassavaClasses = ["0", "1", "2", "3", "4"];
const breeds = ["boston_bull", "dingo", "pekinese"];
const blights = ["healthy", "multiple_diseases", "rust", "scab"];
const hex = (i: number) => `000bec180eb18c7604dcecc8fe0dba0${(i + 10).toString(16)}`;
const number = (i: number) => String(1000015157 + i * 7919);

export const dogsVsCats: WellKnownSet = {
  name: "Dogs vs. Cats (Kaggle)",
  files: {
    ...classPhotos(["cat", "dog"], 8, (label, i) => `train/${label}.${i}.jpg`),
    ...photos(6, (i) => `test1/${i + 1}.jpg`),
    "sampleSubmission.csv": rows("id,label", 6, (i) => `${i + 1},0`),
    "train.zip": "",
    "test1.zip": "",
  },
  counts: { cat: 8, dog: 8 },
  parts: { train: 16 },
  unlabelled: 6,
  flag: "--label-from name",
};

export const dogsVsCatsRedux: WellKnownSet = {
  ...dogsVsCats,
  name: "Dogs vs. Cats Redux (Kaggle)",
  files: {
    ...classPhotos(["cat", "dog"], 8, (label, i) => `train/${label}.${i}.jpg`),
    ...photos(6, (i) => `test/${i + 1}.jpg`),
    "sample_submission.csv": rows("id,label", 6, (i) => `${i + 1},0.5`),
  },
};

export const cassava: WellKnownSet = {
  name: "Cassava Leaf Disease (Kaggle)",
  files: {
    "train.csv": rows("image_id,label", 20, (i) => `${number(i)}.jpg,${turn(cassavaClasses, i)}`),
    ...photos(20, (i) => `train_images/${number(i)}.jpg`),
    "test_images/2216849948.jpg": "",
    "sample_submission.csv": "image_id,label\n2216849948.jpg,4\n",
    "label_num_to_disease_map.json":
      '{"0": "Cassava Bacterial Blight (CBB)", "1": "Cassava Brown Streak Disease (CBSD)", "2": "Cassava Green Mottle (CGM)", "3": "Cassava Mosaic Disease (CMD)", "4": "Healthy"}',
    "train_tfrecords/ld_train00-1338.tfrec": "",
    "train_tfrecords/ld_train01-1338.tfrec": "",
    "test_tfrecords/ld_test00-1.tfrec": "",
  },
  counts: each(cassavaClasses, 4),
  parts: { "-": 20 },
  unlabelled: 1,
  flag: null,
};

export const aptos: WellKnownSet = {
  name: "APTOS 2019 Blindness Detection (Kaggle)",
  files: {
    "train.csv": rows("id_code,diagnosis", 20, (i) => `${hex(i)},${i % 5}`),
    "test.csv": rows("id_code", 5, (i) => `0005cfc8afb${i}`),
    "sample_submission.csv": rows("id_code,diagnosis", 5, (i) => `0005cfc8afb${i},0`),
    ...photos(20, (i) => `train_images/${hex(i)}.png`),
    ...photos(5, (i) => `test_images/0005cfc8afb${i}.png`),
  },
  counts: each(cassavaClasses, 4),
  parts: { "-": 20 },
  unlabelled: 5,
  flag: null,
};

export const plantPathology: WellKnownSet = {
  name: "Plant Pathology 2020 (Kaggle)",
  files: {
    "train.csv": rows(`image_id,${blights.join(",")}`, 16, (i) =>
      [`Train_${i}`, ...blights.map((blight) => (turn(blights, i) === blight ? "1" : "0"))].join(","),
    ),
    "test.csv": rows("image_id", 6, (i) => `Test_${i}`),
    "sample_submission.csv": rows(`image_id,${blights.join(",")}`, 6, (i) => `Test_${i},0.25,0.25,0.25,0.25`),
    ...photos(16, (i) => `images/Train_${i}.jpg`),
    ...photos(6, (i) => `images/Test_${i}.jpg`),
  },
  counts: each(blights, 4),
  parts: { "-": 16 },
  unlabelled: 6,
  flag: null,
};

export const dogBreed: WellKnownSet = {
  name: "Dog Breed Identification (Kaggle)",
  files: {
    "labels.csv": rows("id,breed", 12, (i) => `${hex(i)},${turn(breeds, i)}`),
    "sample_submission.csv": rows(
      `id,${breeds.join(",")}`,
      4,
      (i) => `000621fb3cbb32d8935728e48679680${i},0.3,0.3,0.3`,
    ),
    ...photos(12, (i) => `train/${hex(i)}.jpg`),
    ...photos(4, (i) => `test/000621fb3cbb32d8935728e48679680${i}.jpg`),
  },
  counts: each(breeds, 4),
  parts: { "-": 12 },
  unlabelled: 4,
  flag: null,
};

export const humpbackWhales: WellKnownSet = {
  name: "Humpback Whale Identification (Kaggle)",
  files: {
    "train.csv": rows(
      "Image,Id",
      12,
      (i) => `${hex(i).slice(20)}.jpg,${turn(["new_whale", "w_f48451c", "w_c3d896a"], i)}`,
    ),
    "sample_submission.csv": rows(
      "Image,Id",
      4,
      (i) => `00028a00${i}.jpg,new_whale w_23a388d w_9b5109b w_9c506f6 w_0369a5c`,
    ),
    ...photos(12, (i) => `train/${hex(i).slice(20)}.jpg`),
    ...photos(4, (i) => `test/00028a00${i}.jpg`),
  },
  counts: each(["new_whale", "w_f48451c", "w_c3d896a"], 4),
  parts: { "-": 12 },
  unlabelled: 4,
  flag: null,
};

export const aerialCactus: WellKnownSet = {
  name: "Aerial Cactus Identification (Kaggle)",
  files: {
    "train.csv": rows("id,has_cactus", 12, (i) => `${hex(i)}.jpg,${i % 4 === 0 ? 0 : 1}`),
    "sample_submission.csv": rows("id,has_cactus", 4, (i) => `000940378805c44108d287872b2f04c${i}.jpg,0.5`),
    ...photos(12, (i) => `train/train/${hex(i)}.jpg`),
    ...photos(4, (i) => `test/test/000940378805c44108d287872b2f04c${i}.jpg`),
  },
  counts: { "0": 3, "1": 9 },
  parts: { "-": 12 },
  unlabelled: 4,
  flag: null,
};

export const histopathology: WellKnownSet = {
  name: "Histopathologic Cancer Detection (Kaggle)",
  files: {
    "train_labels.csv": rows("id,label", 12, (i) => `f38a6374c348f90b587e046aac607995${hex(i)},${i % 2}`),
    "sample_submission.csv": rows("id,label", 4, (i) => `0b2ea2a822ad23fdb1b5dd26653da899fbd2c0d${i},0`),
    ...photos(12, (i) => `train/f38a6374c348f90b587e046aac607995${hex(i)}.tif`),
    ...photos(4, (i) => `test/0b2ea2a822ad23fdb1b5dd26653da899fbd2c0d${i}.tif`),
  },
  counts: { "0": 6, "1": 6 },
  parts: { "-": 12 },
  unlabelled: 4,
  flag: null,
};

const paddy = ["bacterial_leaf_blight", "blast", "normal"];

export const paddyDoctor: WellKnownSet = {
  name: "Paddy Doctor (Kaggle)",
  files: {
    "train.csv": rows(
      "image_id,label,variety,age",
      12,
      (i) => `${100330 + i}.jpg,${turn(paddy, i)},${i < 8 ? "ADT45" : "IR20"},${45 + (i % 4) * 5}`,
    ),
    "sample_submission.csv": rows("image_id,label", 4, (i) => `20000${i}.jpg,`),
    ...photos(12, (i) => `train_images/${turn(paddy, i)}/${100330 + i}.jpg`),
    ...photos(4, (i) => `test_images/20000${i}.jpg`),
  },
  counts: each(paddy, 4),
  parts: { "-": 12 },
  unlabelled: 4,
  flag: null,
};

const species = ["Acer_Opalus", "Quercus_Rubra", "Tilia_Tomentosa"];

export const leafClassification: WellKnownSet = {
  name: "Leaf Classification (Kaggle)",
  files: {
    "train.csv": rows("id,species,margin1,margin2,shape1,texture1", 12, (i) =>
      [i * 2 + 1, turn(species, i), 0.0078125 * (i % 3), 0.0234375, 0.000647, 0.049805 + i / 1000].join(","),
    ),
    "test.csv": rows(
      "id,margin1,margin2,shape1,texture1",
      12,
      (i) => `${i * 2 + 2},0.019531,0.009766,0.000693,${i / 900}`,
    ),
    "sample_submission.csv": rows(`id,${species.join(",")}`, 12, (i) => `${i * 2 + 2},0.3,0.3,0.3`),
    ...photos(24, (i) => `images/${i + 1}.jpg`),
  },
  counts: each(species, 4),
  parts: { "-": 12 },
  unlabelled: 12,
  flag: null,
};

const distractions = ["c0", "c1", "c2"];

export const stateFarm: WellKnownSet = {
  name: "State Farm Distracted Drivers (Kaggle)",
  files: {
    "driver_imgs_list.csv": rows(
      "subject,classname,img",
      12,
      (i) => `p00${Math.floor(i / 6)},${turn(distractions, i)},img_${44733 + i}.jpg`,
    ),
    "sample_submission.csv": rows(`img,${distractions.join(",")}`, 4, (i) => `img_${i + 1}.jpg,0.1,0.1,0.1`),
    ...photos(12, (i) => `imgs/train/${turn(distractions, i)}/img_${44733 + i}.jpg`),
    ...photos(4, (i) => `imgs/test/img_${i + 1}.jpg`),
  },
  counts: each(distractions, 4),
  parts: { "-": 12 },
  unlabelled: 4,
  flag: null,
};

const ilsvrcClasses = ["0", "1", "2"];

export const ilsvrcLists: WellKnownSet = {
  name: "ImageNet's lists, train.txt and val.txt (Caffe)",
  files: {
    "train.txt": rows("", 12, (i) => `n0${i % 3}/n0${i % 3}_${i}.JPEG ${i % 3}`),
    "val.txt": rows("", 6, (i) => `ILSVRC2012_val_0000000${i}.JPEG ${i % 3}`),
    ...photos(12, (i) => `train/n0${i % 3}/n0${i % 3}_${i}.JPEG`),
    ...photos(6, (i) => `val/ILSVRC2012_val_0000000${i}.JPEG`),
  },
  counts: each(ilsvrcClasses, 6),
  parts: { train: 12, validation: 6 },
  unlabelled: 0,
  flag: null,
};

export const csvPerPart: WellKnownSet = {
  name: "a CSV a part",
  files: {
    "train.csv": rows("filename,label", 12, (i) => `${i}.png,${turn(["x", "y"], i)}`),
    "valid.csv": rows("filename,label", 4, (i) => `${i + 12}.png,${turn(["x", "y"], i)}`),
    "test.csv": rows("filename,label", 2, (i) => `${i + 16}.png,${turn(["x", "y"], i)}`),
    ...photos(18, (i) => `images/${i}.png`),
  },
  counts: { x: 9, y: 9 },
  parts: { train: 12, validation: 4, test: 2 },
  unlabelled: 0,
  flag: null,
};
